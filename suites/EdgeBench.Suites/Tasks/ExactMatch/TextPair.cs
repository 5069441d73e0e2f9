namespace EdgeBench.Suites.Tasks.ExactMatch;

/// <summary>A prompt and what should follow it.</summary>
/// <param name="Index">0-based place in the data file.</param>
/// <param name="Line">1-based line in the data file.</param>
internal sealed record TextPair(int Index, int Line, string Prompt, string Completion);
