using System.Globalization;

namespace EdgeBench.Models.Tokenizers.Unicode;

/// <summary>Decompositions, compositions and combining classes, read once from <c>normalization.txt</c> (the file says from where).</summary>
internal sealed class NormalizationTable
{
    private static readonly Lazy<NormalizationTable> s_instance = new(() => new NormalizationTable());

    private readonly Dictionary<int, int[]> _canonical = [];
    private readonly Dictionary<int, int[]> _compatibility = [];
    private readonly Dictionary<int, byte> _classes = [];
    private readonly Dictionary<(int, int), int> _compositions = [];

    private NormalizationTable()
    {
        HashSet<int> excluded = [];
        using Stream stream = typeof(NormalizationTable).Assembly.GetManifestResourceStream("normalization.txt")!;
        using StreamReader reader = new(stream);
        while (reader.ReadLine() is { } line)
        {
            string[] parts = line.Split(' ');
            switch (parts[0])
            {
                case "d": _canonical.Add(Hex(parts[1]), [.. parts[2..].Select(Hex)]); break;
                case "k": _compatibility.Add(Hex(parts[1]), [.. parts[2..].Select(Hex)]); break;
                case "x": excluded.Add(Hex(parts[1])); break;
                case "c":
                    for (int codePoint = Hex(parts[1]); codePoint <= Hex(parts[2]); codePoint++)
                        _classes.Add(codePoint, byte.Parse(parts[3], CultureInfo.InvariantCulture));
                    break;
            }
        }
        foreach ((int codePoint, int[] into) in _canonical)
        {
            if (into.Length == 2 && !excluded.Contains(codePoint)) _compositions.Add((into[0], into[1]), codePoint);
        }
    }

    public static NormalizationTable Instance => s_instance.Value;

    /// <summary>Canonical combining class; 0 for a starter.</summary>
    public byte Class(int codePoint) => _classes.GetValueOrDefault(codePoint);

    /// <summary>One step of decomposition, or null where there is none.</summary>
    public int[]? Step(int codePoint, bool compatibility) =>
        _canonical.TryGetValue(codePoint, out int[]? into) || (compatibility && _compatibility.TryGetValue(codePoint, out into)) ? into : null;

    /// <summary>The code point that two compose to, or -1.</summary>
    public int Compose(int first, int second) => _compositions.GetValueOrDefault((first, second), -1);

    private static int Hex(string text) => int.Parse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
}
