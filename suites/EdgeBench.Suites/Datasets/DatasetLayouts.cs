using EdgeBench.Core.Problems;

namespace EdgeBench.Suites.Datasets;

/// <summary>The layouts that are read.</summary>
public static class DatasetLayouts
{
    private static readonly IDatasetLayout[] s_all = [new JsonLinesLayout(), new TsvLayout(), new SnipsLayout(), new ClincLayout(), new ScanLayout(), new MtsDialogLayout()];

    public static IReadOnlyList<string> Names { get; } = [.. s_all.Select(layout => layout.Name)];

    /// <summary>Throws <see cref="EdgeBenchException"/> (bad input) for a name that there is not.</summary>
    internal static IDatasetLayout Of(string name) => Array.Find(s_all, layout => layout.Name == name)
        ?? throw EdgeBenchException.BadInput($"layout '{name}'", $"one of {string.Join(", ", Names)}", Nearest.Question(name, Names));
}
