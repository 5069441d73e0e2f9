namespace EdgeBench.Suites.Datasets;

/// <summary>SCAN's lines (Lake and Baroni 2018, https://arxiv.org/abs/1711.00350): <c>IN: walk twice OUT: I_WALK I_WALK</c>.</summary>
internal sealed class ScanLayout : IDatasetLayout
{
    private const string In = "IN: ";
    private const string Out = " OUT: ";

    public string Name => "scan";

    public string Expected => "'IN: command OUT: ACTIONS' on each line";

    public (bool Labelled, IReadOnlyList<DatasetItem> Items) Read(DatasetFile file, IReadOnlyList<string> parts)
    {
        List<DatasetItem> items = [];
        foreach ((int number, string line) in file.Lines())
        {
            int split = line.IndexOf(Out, StringComparison.Ordinal);
            if (!line.StartsWith(In, StringComparison.Ordinal) || split < In.Length)
                file.Refuse(number, $"'{(line.Length > 40 ? line[..40] + "…" : line)}'", Expected);
            else if (file.Item(line[In.Length..split].Trim(), line[(split + Out.Length)..].Trim(), number) is { } item) items.Add(item);
        }
        return (false, items);
    }
}
