using EdgeBench.Core.IO;
using EdgeBench.Core.Programs;

namespace EdgeBench.Backends.External.Programs;

internal static class ProgramVersion
{
    /// <summary>What identifies a measurement by this entry: the file's hash and what it is started with.</summary>
    public static string Of(AllowedProgram program) =>
        $"sha256:{LibraryHashes.Of(program.Path)[..12]}{(program.Arguments.Count == 0 ? "" : $"+arguments:{ContentHash.OfText(EdgeBenchJson.Serialize(program.Arguments))[..8]}")}";
}
