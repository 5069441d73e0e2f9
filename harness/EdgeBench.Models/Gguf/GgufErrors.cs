using EdgeBench.Core.Problems;
using EdgeBench.Models.Files;

namespace EdgeBench.Models.Gguf;

/// <summary>Every complaint about a GGUF file: where, what was found, what was expected, what to do.</summary>
internal static class GgufErrors
{
    public const string Damaged = "The file is damaged or cut off: fetch or convert it again.";

    public static EdgeBenchException At(string path, long position, string found, string expected, string remedy = Damaged) =>
        EdgeBenchException.BadInput(found, expected, remedy, path, $"byte {position}");

    public static string Quoted(string text) => FileErrors.Quoted(text);
}
