using EdgeBench.Core.Problems;

namespace EdgeBench.Models.Gguf;

/// <summary>Every complaint about a GGUF file: where, what was found, what was expected, what to do.</summary>
internal static class GgufErrors
{
    public const string Damaged = "The file is damaged or cut off: fetch or convert it again.";

    public static EdgeBenchException At(string path, long position, string found, string expected, string remedy = Damaged) =>
        EdgeBenchException.BadInput(found, expected, remedy, path, $"byte {position}");

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
