using YamlDotNet.Core;

namespace EdgeBench.Running.Configuration.Yaml;

/// <summary>What commonly lies behind a YAML syntax error, told from the parser's message.</summary>
internal static class SyntaxSlip
{
    public const string Brackets = "Check that every '[' and '{' is closed, with a comma between entries.";

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
        bool Says(string words) => error.Message.Contains(words, StringComparison.OrdinalIgnoreCase);
        if (Says(" tab")) return $"Indent with spaces: YAML forbids tabs{TabLine(text)}.";
        if (Says("cannot start any token")) return "Quote a value that starts with '@', '`' or '%'.";
        if (Says("mapping value") || Says("invalid mapping")) return "Quote text that holds ': ', and check the indentation of this line.";
        if (Says("quoted scalar")) return "Close the quotation mark.";
        if (Says("flow")) return Brackets;
        if (Says("block") || Says("indent")) return "Check the indentation of this line and the one before.";
        return null;
    }

    private static string TabLine(string text)
    {
        using StringReader lines = new(text);
        for (int number = 1; lines.ReadLine() is { } line; number++)
        {
            if (line.TrimStart(' ').StartsWith('\t')) return $" (line {number})";
        }
        return "";
    }
}
