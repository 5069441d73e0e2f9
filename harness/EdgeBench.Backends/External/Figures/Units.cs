namespace EdgeBench.Backends.External.Figures;

/// <summary>Units that programs write, and what turns them into a metric's.</summary>
internal static class Units
{
    private static readonly Dictionary<string, (string Base, double Factor)> s_known = new()
    {
        ["ns"] = ("ms", 1e-6),
        ["us"] = ("ms", 1e-3),
        ["ms"] = ("ms", 1),
        ["s"] = ("ms", 1e3),
        ["B"] = ("B", 1),
        ["KB"] = ("B", 1e3),
        ["MB"] = ("B", 1e6),
        ["GB"] = ("B", 1e9),
        ["KiB"] = ("B", 1 << 10),
        ["MiB"] = ("B", 1 << 20),
        ["GiB"] = ("B", 1 << 30),
        ["tok/s"] = ("tok/s", 1),
        ["inf/s"] = ("inf/s", 1),
    };

    public static IEnumerable<string> Names => s_known.Keys;

    /// <summary>What a number in <paramref name="from"/> is multiplied by to be in <paramref name="to"/>; null where there is no such number.</summary>
    public static double? Factor(string from, string to) =>
        s_known.TryGetValue(from, out var unit) && unit.Base == to ? unit.Factor : null;
}
