using System.Text;

namespace EdgeBench.Suites.Datasets;

/// <summary>Rows of a CSV file by RFC 4180: commas, double quotes around cells with commas, line ends or quotes, which are doubled.</summary>
internal static class CsvRows
{
    /// <summary>Rows with the 1-based line on which they begin; empty lines are left out. A quote that is never closed, or that stands within a cell, is told to the file.</summary>
    public static IEnumerable<(int Line, List<string> Cells)> Of(DatasetFile file)
    {
        string text = file.Text;
        int at = 0, line = 1;
        while (at < text.Length && !file.Full)
        {
            int start = line;
            List<string> cells = [];
            bool more = true;
            while (more)
            {
                if (Cell(text, ref at, ref line) is not { } cell)
                {
                    file.Refuse(start, "a quote that is not closed or stands within a cell", "RFC 4180: quotes around a whole cell, those within it doubled");
                    yield break;
                }
                cells.Add(cell);
                more = at < text.Length && text[at] == ',';
                if (more) at++;
            }
            if (at < text.Length && text[at] == '\r') at++;
            if (at < text.Length && text[at] == '\n') at++;
            line++;
            if (cells is not [""]) yield return (start, cells);
        }
    }

    // A cell from its first letter to the comma or line end after it; null where its quotes are wrong.
    private static string? Cell(string text, ref int at, ref int line)
    {
        if (at == text.Length || text[at] != '"')
        {
            int start = at;
            while (at < text.Length && text[at] is not (',' or '\n' or '\r' or '"')) at++;
            return at < text.Length && text[at] == '"' ? null : text[start..at];
        }
        StringBuilder cell = new();
        for (at++; at < text.Length; at++)
        {
            if (text[at] == '\n') line++;
            if (text[at] != '"') cell.Append(text[at]);
            else if (at + 1 < text.Length && text[at + 1] == '"') cell.Append(text[++at]);
            else
            {
                at++;
                return at == text.Length || text[at] is ',' or '\n' or '\r' ? cell.ToString() : null;
            }
        }
        return null;
    }
}
