using EdgeBench.Models.Files;

namespace EdgeBench.Models.Folders;

/// <summary>Licence fields of a README's front matter: plain <c>key: value</c> lines between two lines of dashes.</summary>
internal static class ModelCard
{
    private const int LongestLine = 400;
    private const int MostLines = 400;

    private static readonly string[] s_keys = ["license", "license_name", "license_link"];

    /// <summary>Those of <c>license</c>, <c>license_name</c>, <c>license_link</c> that are there.</summary>
    public static IReadOnlyDictionary<string, string> Licence(ModelFolder folder)
    {
        Dictionary<string, string> found = new(StringComparer.Ordinal);
        if (folder.Find("README.md") is not { } path) return found;
        using StreamReader reader = new(path);
        if (Line(reader) != "---") return found;
        for (int i = 0; i < MostLines && Line(reader) is { } line && line != "---"; i++)
        {
            int colon = line.IndexOf(':');
            if (colon > 0 && s_keys.Contains(line[..colon]) && line[(colon + 1)..].Trim().Trim('"', '\'') is { Length: > 0 } value) found.TryAdd(line[..colon], value);
        }
        return found;
    }

    // A line of bounded length, or null at the end.
    private static string? Line(StreamReader reader)
    {
        System.Text.StringBuilder line = new();
        while (reader.Read() is var letter && letter >= 0 && letter != '\n')
        {
            if (line.Length < LongestLine && letter != '\r') line.Append((char)letter);
            else if (line.Length >= LongestLine) return "---";
        }
        return line.Length == 0 && reader.EndOfStream ? null : line.ToString();
    }
}
