namespace EdgeBench.Suites.Tasks.MultipleChoice;

/// <summary>What is scored of an item: each choice after one text.</summary>
/// <param name="Index">0-based place in the data file.</param>
/// <param name="Line">1-based line in the data file.</param>
/// <param name="Right">0-based index of the right choice.</param>
internal sealed record ChoiceQuestion(int Index, int Line, string Text, IReadOnlyList<string> Choices, int Right);
