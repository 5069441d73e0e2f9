using EdgeBench.Core.Problems;

namespace EdgeBench.Models.Onnx.Reading;

/// <summary>Every complaint about an ONNX file: where, what was found, what was expected, what to do.</summary>
internal static class OnnxErrors
{
    public const string Damaged = "The file is damaged, cut off or made to do harm: fetch or export it again.";

    public static EdgeBenchException At(string path, long position, string found, string expected, string remedy = Damaged) =>
        EdgeBenchException.BadInput(found, expected, remedy, path, $"byte {position}");

    /// <summary>Text of a file in a message: short, and without control characters.</summary>
    public static string Quoted(string text)
    {
        string clean = new([.. text.Take(80).Select(letter => char.IsControl(letter) || char.IsSurrogate(letter) ? '?' : letter)]);
        return text.Length > 80 ? $"'{clean}…'" : $"'{clean}'";
    }
}
