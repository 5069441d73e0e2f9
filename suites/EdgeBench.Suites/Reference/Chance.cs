using EdgeBench.Core.Numbers;

namespace EdgeBench.Suites.Reference;

/// <summary>Draws of a grammar.</summary>
internal sealed class Chance(ulong seed)
{
    private SplitMix64 _random = new(seed);

    /// <summary>From <paramref name="first"/> to <paramref name="last"/>, both included.</summary>
    public int Number(int first, int last) => first + _random.Next(last - first + 1);

    public T Of<T>(IReadOnlyList<T> choices) => choices[_random.Next(choices.Count)];

    /// <summary>True in <paramref name="percent"/> of 100 draws.</summary>
    public bool In100(int percent) => _random.Next(100) < percent;

    /// <summary>One that is not <paramref name="other"/>.</summary>
    public T Other<T>(IReadOnlyList<T> choices, T other)
    {
        T drawn;
        do drawn = Of(choices);
        while (EqualityComparer<T>.Default.Equals(drawn, other));
        return drawn;
    }

    /// <summary>
    /// A pattern with one of each <c>(first|second|)</c> chosen, innermost last, and each <c>{name}</c> filled by <paramref name="slots"/>; spaces that an empty choice leaves double are one.
    /// </summary>
    public string Write(string pattern, params ReadOnlySpan<(string Name, string Text)> slots)
    {
        string text = pattern;
        for (int open; (open = text.LastIndexOf('(')) >= 0;)
        {
            int close = text.IndexOf(')', open);
            text = text[..open] + Of(text[(open + 1)..close].Split('|')) + text[(close + 1)..];
        }
        foreach ((string name, string value) in slots) text = text.Replace($"{{{name}}}", value, StringComparison.Ordinal);
        return text.Replace("  ", " ", StringComparison.Ordinal).Trim();
    }
}
