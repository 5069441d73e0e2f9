using YamlDotNet.Core;

namespace EdgeBench.Running.Configuration.Yaml;

/// <summary>What commonly lies behind a YAML syntax error, told from its line and its message.</summary>
internal static class SyntaxSlip
{
    /// <summary>The parser's message in one line, without the place that the problem already carries.</summary>
    public static string Message(YamlException error)
    {
        string message = error.Message.ReplaceLineEndings(" ");
        int end = message.IndexOf("): ", StringComparison.Ordinal);
        if (message.StartsWith('(') && end > 0) message = message[(end + 3)..];
        return message.TrimEnd('.', ' ');
    }

    public static string? Remedy(string text, YamlException error)
    {
        string line = Line(text, (int)error.Start.Line), before = Line(text, (int)error.Start.Line - 1);
        if (HasTabIndent(line) || HasTabIndent(before)) return "Indent with spaces: YAML forbids tabs.";
        string message = error.Message;
        string start = line.TrimStart(' ', '-');
        if (start.Contains(": @", StringComparison.Ordinal) || start.Contains(": `", StringComparison.Ordinal) || start.StartsWith('@') || start.StartsWith('`'))
            return "Quote a value that starts with '@' or '`'.";
        if (message.Contains("apping values", StringComparison.Ordinal)) return "Quote text that holds ': ', and check the indentation of this line and the one before.";
        if (message.Contains("quoted scalar", StringComparison.Ordinal)) return "Close the quotation mark.";
        if (message.Contains("flow", StringComparison.Ordinal) || message.Contains("']'", StringComparison.Ordinal) || message.Contains("'}'", StringComparison.Ordinal))
            return "Check that every '[' and '{' is closed and that a comma stands between entries.";
        if (message.Contains("block", StringComparison.Ordinal) || message.Contains("indent", StringComparison.Ordinal))
            return "Check the indentation of this line and the one before.";
        return null;
    }

    private static bool HasTabIndent(string line) => line[..(line.Length - line.TrimStart().Length)].Contains('\t', StringComparison.Ordinal);

    private static string Line(string text, int number)
    {
        if (number < 1) return "";
        using StringReader lines = new(text);
        for (int i = 1; i < number; i++)
        {
            if (lines.ReadLine() is null) return "";
        }
        return lines.ReadLine() ?? "";
    }
}
