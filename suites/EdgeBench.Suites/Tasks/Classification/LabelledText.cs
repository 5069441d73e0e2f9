namespace EdgeBench.Suites.Tasks.Classification;

/// <summary>What is scored of an item: each label after its text.</summary>
/// <param name="Index">0-based place in the data file.</param>
/// <param name="Line">1-based line in the data file.</param>
/// <param name="Class">0-based index of the right label.</param>
internal sealed record LabelledText(int Index, int Line, string Text, int Class);
