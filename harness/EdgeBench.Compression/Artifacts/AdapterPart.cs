using EdgeBench.Core.Artifacts;
using EdgeBench.Core.IO;
using EdgeBench.Models.Adapters;
using EdgeBench.Models.Gguf;

namespace EdgeBench.Compression.Artifacts;

/// <summary>The adapter that a pass leaves apart, beside the base model in the folder of an artifact.</summary>
public static class AdapterPart
{
    public static string PathBeside(string model) => Path.Combine(Path.GetDirectoryName(Path.GetFullPath(model))!, ArtifactPart.Adapter);

    /// <summary>
    /// What the adapter beside a file that a pass wrote is, for its readback: <c>lora with 1,234 parameters in 60 tensors, sha256 …</c>; null where there is none. Throws
    /// <see cref="Core.Problems.EdgeBenchException"/> (bad input) where it does not belong to the file.
    /// </summary>
    public static string? ReadBack(GgufFile model)
    {
        ArgumentNullException.ThrowIfNull(model);
        string path = PathBeside(model.Path);
        if (!File.Exists(path)) return null;
        using GgufFile adapter = GgufFile.Open(path);
        AdapterHeader header = AdapterHeader.Of(adapter);
        header.Check(model);
        return FormattableString.Invariant($"{AdapterHeader.NameOf(header.Kind)} with {header.Parameters:N0} parameters in {adapter.Tensors.Count} tensors, sha256 {ContentHash.OfFile(path)}");
    }
}
