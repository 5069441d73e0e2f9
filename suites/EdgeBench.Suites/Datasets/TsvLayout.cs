namespace EdgeBench.Suites.Datasets;

/// <summary>
/// Tab-separated lines as GLUE has them (Wang et al. 2018, https://arxiv.org/abs/1804.07461): a header with <c>sentence</c> or <c>text</c> and <c>label</c>, or no header and text, tab, label. Quotes mean nothing.
/// </summary>
internal sealed class TsvLayout : IDatasetLayout
{
    public string Name => "tsv";

    public string Expected => "text, tab, label on each line, or a header with 'sentence' (or 'text') and 'label'";

    public (bool Labelled, IReadOnlyList<DatasetItem> Items) Read(DatasetFile file, IReadOnlyList<string> parts)
    {
        List<DatasetItem> items = [];
        (int text, int label, int columns) = (0, 1, 2);
        bool first = true;
        foreach ((int number, string line) in file.Lines())
        {
            string[] cells = line.Split('\t');
            if (first && Header(cells) is { } header)
            {
                (text, label, columns) = header;
                first = false;
                continue;
            }
            first = false;
            if (cells.Length != columns) file.Refuse(number, $"{cells.Length} columns", columns == 2 ? Expected : $"{columns} columns, as the header has");
            else if (file.Item(cells[text].Trim(), cells[label].Trim(), number) is { } item) items.Add(item);
        }
        return (true, items);
    }

    private static (int Text, int Label, int Columns)? Header(string[] cells)
    {
        int text = Array.FindIndex(cells, cell => cell.Trim() is "sentence" or "text"), label = Array.FindIndex(cells, cell => cell.Trim() == "label");
        return text >= 0 && label >= 0 ? (text, label, cells.Length) : null;
    }
}
