namespace EdgeBench.Suites.Datasets;

/// <summary>One text with what belongs to it.</summary>
/// <param name="Answer">A label, or the text that should follow.</param>
/// <param name="File">Where it stands.</param>
/// <param name="Line">1-based line on which it begins.</param>
public sealed record DatasetItem(string Text, string Answer, string File, int Line);
