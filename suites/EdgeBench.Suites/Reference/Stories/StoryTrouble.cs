namespace EdgeBench.Suites.Reference.Stories;

/// <summary>What goes wrong in a plot and how it is put right.</summary>
internal sealed record StoryTrouble(string Name, string Wrong, params string[] Right);
