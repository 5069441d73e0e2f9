namespace EdgeBench.Suites.Reference;

/// <summary>A drawn text before its split is known.</summary>
/// <param name="Templates">Parts of how it is built, each <c>task:…</c>.</param>
/// <param name="Combinations">Parts of what it speaks of.</param>
internal sealed record Draft(IReadOnlyList<string> Templates, IReadOnlyList<string> Combinations, string Prompt, string Completion);
