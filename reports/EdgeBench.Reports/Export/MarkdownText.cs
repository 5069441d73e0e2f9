using System.Text;

namespace EdgeBench.Reports.Export;

/// <summary>Writes Markdown in which names can neither break a table nor turn into markup.</summary>
internal sealed class MarkdownText
{
    private readonly StringBuilder _text = new();

    public void Line(string text = "") => _text.Append(text).Append('\n');

    public void Table(IReadOnlyList<string> heads, IReadOnlyList<bool> numeric, IEnumerable<IReadOnlyList<string>> rows)
    {
        Line($"| {string.Join(" | ", heads)} |");
        Line($"|{string.Join("|", numeric.Select(right => right ? "---:" : "---"))}|");
        foreach (IReadOnlyList<string> row in rows) Line($"| {string.Join(" | ", row)} |");
        Line();
    }

    public override string ToString() => _text.ToString();

    /// <summary>A foreign text as plain words inside a line or a table cell.</summary>
    public static string Escape(string text)
    {
        StringBuilder safe = new(text.Length);
        foreach (char letter in text)
        {
            if (letter is '\n' or '\r' or '\t') safe.Append(' ');
            else if (char.IsControl(letter)) safe.Append('\uFFFD');
            else if (letter is '<') safe.Append("&lt;");
            else if (letter is '>') safe.Append("&gt;");
            else if (letter is '&') safe.Append("&amp;");
            else if (letter is '|' or '`' or '*' or '[' or ']' or '\\' or '!') safe.Append('\\').Append(letter);
            else safe.Append(letter);
        }
        return safe.ToString();
    }
}
