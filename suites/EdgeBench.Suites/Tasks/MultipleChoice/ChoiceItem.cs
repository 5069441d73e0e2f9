namespace EdgeBench.Suites.Tasks.MultipleChoice;

/// <summary>A question with its choices, as a layout reads it.</summary>
/// <param name="Keys">Names of the choices by which the answer may call them (<c>A</c>, <c>1</c>, <c>answer1</c>), as many as choices; empty where they have none.</param>
/// <param name="Answer">What the item says is right: a key, a 0-based index, or a choice's text; null where it says nothing.</param>
internal sealed record ChoiceItem(string Question, IReadOnlyList<string> Choices, IReadOnlyList<string> Keys, string? Answer)
{
    /// <summary>0-based index of the right choice, or null where the answer is none of them.</summary>
    public int? Right(string answer)
    {
        string wanted = answer.Trim();
        if (IndexIn(Keys, wanted) is { } key) return key;
        if (Keys.Count == 0 && int.TryParse(wanted, out int index)) return index >= 0 && index < Choices.Count ? index : null;
        if (IndexIn(Choices, wanted) is { } text) return text;
        // Letters without a list of them: A is the first.
        return Keys.Count == 0 && wanted is [>= 'A' and <= 'Z'] && wanted[0] - 'A' < Choices.Count ? wanted[0] - 'A' : null;
    }

    /// <summary>What an answer may be, for messages.</summary>
    public string Allowed => Keys.Count > 0 ? $"one of {string.Join(", ", Keys)}" : $"an index from 0 to {Choices.Count - 1}, a letter from A to {(char)('A' + Math.Min(Choices.Count, 26) - 1)}, or a choice's text";

    private static int? IndexIn(IReadOnlyList<string> texts, string wanted)
    {
        for (int i = 0; i < texts.Count; i++)
        {
            if (string.Equals(texts[i].Trim(), wanted, StringComparison.Ordinal)) return i;
        }
        return null;
    }
}
