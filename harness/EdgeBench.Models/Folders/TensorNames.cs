using System.Globalization;

namespace EdgeBench.Models.Folders;

/// <summary>A family's names, looked up in both directions; suffixes <c>.weight</c> and <c>.bias</c> are kept.</summary>
internal sealed class TensorNames(IReadOnlyList<TensorName> names)
{
    private const string Hole = "{}";

    private static readonly string[] s_suffixes = [".weight", ".bias"];

    /// <summary>The GGUF name and what to change, or null where the family has no such tensor.</summary>
    public (string Name, TensorChange Change)? ToGguf(string name) => Translate(name, one => one.HuggingFace, one => one.Gguf);

    public (string Name, TensorChange Change)? ToHuggingFace(string name) => Translate(name, one => one.Gguf, one => one.HuggingFace);

    private (string, TensorChange)? Translate(string name, Func<TensorName, string> from, Func<TensorName, string> to)
    {
        foreach (string suffix in s_suffixes)
        {
            if (!name.EndsWith(suffix, StringComparison.Ordinal)) continue;
            ReadOnlySpan<char> stem = name.AsSpan(0, name.Length - suffix.Length);
            foreach (TensorName one in names)
            {
                if (Match(from(one), stem) is { } layer) return (to(one).Replace(Hole, layer, StringComparison.Ordinal) + suffix, one.Change);
            }
        }
        return null;
    }

    // The text that stands for the layer, empty where the pattern has none; null where it does not match.
    private static string? Match(string pattern, ReadOnlySpan<char> stem)
    {
        int hole = pattern.IndexOf(Hole, StringComparison.Ordinal);
        if (hole < 0) return stem.SequenceEqual(pattern) ? "" : null;
        ReadOnlySpan<char> before = pattern.AsSpan(0, hole), after = pattern.AsSpan(hole + Hole.Length);
        if (stem.Length <= before.Length + after.Length || !stem.StartsWith(before) || !stem.EndsWith(after)) return null;
        ReadOnlySpan<char> number = stem[before.Length..^after.Length];
        return int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out int layer) && number.SequenceEqual(layer.ToString(CultureInfo.InvariantCulture))
            ? number.ToString()
            : null;
    }
}
