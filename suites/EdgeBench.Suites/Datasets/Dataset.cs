using EdgeBench.Core.Problems;

namespace EdgeBench.Suites.Datasets;

/// <summary>Texts with their answers, from files in a layout that others publish.</summary>
/// <param name="Items">In the order of the files.</param>
/// <param name="Labels">The classes in ordinal order; null where answers are texts to be written.</param>
public sealed record Dataset(IReadOnlyList<DatasetItem> Items, IReadOnlyList<string>? Labels)
{
    /// <summary>
    /// Reads files of one layout. Throws <see cref="EdgeBenchException"/> (bad input) with file and line for what does not fit the layout, and for data that is empty or has one class only.
    /// </summary>
    /// <param name="layout">One of <see cref="DatasetLayouts.Names"/>.</param>
    /// <param name="parts">Parts of a file that has several (<c>train</c>, <c>oos_train</c>); empty elsewhere.</param>
    public static Dataset Read(string layout, IReadOnlyList<string> paths, params IReadOnlyList<string> parts)
    {
        ArgumentNullException.ThrowIfNull(paths);
        IDatasetLayout reader = DatasetLayouts.Of(layout);
        if (paths.Count == 0) throw EdgeBenchException.BadInput("no data file", $"files of the layout '{layout}'");
        List<DatasetItem> items = [];
        bool? labelled = null;
        foreach (string path in paths)
        {
            DatasetFile file = DatasetFile.Read(path);
            (bool labels, IReadOnlyList<DatasetItem> read) = reader.Read(file, parts);
            file.Throw();
            if (read.Count == 0) throw EdgeBenchException.BadInput("a file without items", reader.Expected, "Give a file with data.", path);
            if (labelled is { } others && others != labels) throw EdgeBenchException.BadInput($"items with {Kind(labels)} after a file of items with {Kind(others)}", "files of one kind", file: path);
            labelled = labels;
            items.AddRange(read);
        }
        if (labelled != true) return new Dataset(items, null);
        string[] found = [.. items.Select(item => item.Answer).Distinct().Order(StringComparer.Ordinal)];
        return found.Length > 1 ? new Dataset(items, found)
            : throw EdgeBenchException.BadInput($"label '{found[0]}' on all {items.Count} items", "items of two classes at least", "Add the files of other classes.", paths[^1]);
    }

    private static string Kind(bool labels) => labels ? "labels" : "completions";
}
