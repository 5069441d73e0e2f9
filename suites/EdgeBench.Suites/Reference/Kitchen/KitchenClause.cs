namespace EdgeBench.Suites.Reference.Kitchen;

/// <summary>One command with its answer.</summary>
/// <param name="Combination">Null where it speaks of nothing in particular.</param>
internal sealed record KitchenClause(string Text, string Answer, string Phrase, string? Combination);
