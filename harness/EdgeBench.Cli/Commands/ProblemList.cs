using EdgeBench.Core.IO;
using EdgeBench.Core.Problems;

namespace EdgeBench.Cli.Commands;

/// <summary>Problems as stable JSON.</summary>
internal static class ProblemList
{
    private const int Version = 1;

    public static string ToJson(IReadOnlyList<Problem> problems) =>
        System.Text.Json.JsonSerializer.Serialize(new { Version, Valid = problems.Count == 0, Problems = problems }, EdgeBenchJson.Indented);
}
