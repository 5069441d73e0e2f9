namespace EdgeBench.Suites.Datasets;

/// <summary>How others lay out a file of texts with labels or completions.</summary>
internal interface IDatasetLayout
{
    string Name { get; }

    /// <summary>What a file of it looks like, for messages.</summary>
    string Expected { get; }

    /// <summary>Items of a file, and whether their answers are labels. What does not fit is told to the file.</summary>
    /// <param name="parts">Names of parts to read, in files that have parts.</param>
    (bool Labelled, IReadOnlyList<DatasetItem> Items) Read(DatasetFile file, IReadOnlyList<string> parts);
}
