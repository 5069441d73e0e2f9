namespace EdgeBench.Models.Sources.HuggingFace;

/// <summary>Text from outside, made fit for a message: one line, bounded, no control characters.</summary>
internal static class Printable
{
    private const int Longest = 200;

    public static string Of(string text)
    {
        string head = text.Length > Longest ? text[..Longest] + "…" : text;
        return string.Concat(head.Select(c => char.IsControl(c) || char.IsSurrogate(c) ? '\uFFFD' : c));
    }
}
