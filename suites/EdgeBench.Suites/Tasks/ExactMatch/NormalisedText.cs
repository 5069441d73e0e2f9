namespace EdgeBench.Suites.Tasks.ExactMatch;

/// <summary>What is compared of a text: no blanks at its ends, each run of white space inside as one blank, and where asked small letters only.</summary>
internal static class NormalisedText
{
    public static string Of(string text, bool ignoreCase)
    {
        string joined = string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return ignoreCase ? joined.ToLowerInvariant() : joined;
    }
}
