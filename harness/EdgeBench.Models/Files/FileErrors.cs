using EdgeBench.Core.Problems;

namespace EdgeBench.Models.Files;

/// <summary>Complaints that every file format shares.</summary>
internal static class FileErrors
{
    /// <summary>The file is shorter than when it was opened.</summary>
    public static EdgeBenchException CutOff(string path, long bytes, long opened) => new(ExitCode.Infrastructure,
        new Problem($"the file has only {bytes} bytes now", $"{opened}, as when it was opened", "Another program cut it off: wait until it is complete and run again.") { File = path });

    /// <summary>Text of a file in a message: short, and without control characters.</summary>
    public static string Quoted(string text)
    {
        string clean = new([.. text.Take(80).Select(letter => char.IsControl(letter) || char.IsSurrogate(letter) ? '?' : letter)]);
        return text.Length > 80 ? $"'{clean}…'" : $"'{clean}'";
    }
}
