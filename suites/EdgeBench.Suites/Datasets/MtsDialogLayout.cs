namespace EdgeBench.Suites.Datasets;

/// <summary>MTS-Dialog (Ben Abacha et al. 2023, EACL): CSV with <c>section_header</c>, <c>section_text</c> and <c>dialogue</c>. The text is the dialogue, the label the header of the note's section.</summary>
internal sealed class MtsDialogLayout : IDatasetLayout
{
    public string Name => "mts-dialog";

    public string Expected => "CSV with the columns 'section_header' and 'dialogue'";

    public (bool Labelled, IReadOnlyList<DatasetItem> Items) Read(DatasetFile file, IReadOnlyList<string> parts)
    {
        List<DatasetItem> items = [];
        (int text, int label, int columns) = (-1, -1, 0);
        foreach ((int line, List<string> cells) in CsvRows.Of(file))
        {
            if (columns == 0)
            {
                (text, label, columns) = (cells.IndexOf("dialogue"), cells.IndexOf("section_header"), cells.Count);
                if (text >= 0 && label >= 0) continue;
                file.Refuse(line, $"columns {string.Join(", ", cells.Take(8).Select(cell => $"'{cell}'"))}", Expected);
                break;
            }
            if (cells.Count != columns) file.Refuse(line, $"{cells.Count} columns", $"{columns} columns, as the header has");
            else if (file.Item(cells[text].ReplaceLineEndings("\n").Trim(), cells[label].Trim(), line) is { } item) items.Add(item);
        }
        return (true, items);
    }
}
