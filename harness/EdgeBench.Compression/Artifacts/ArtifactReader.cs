using EdgeBench.Core.Artifacts;
using EdgeBench.Core.Configuration;
using EdgeBench.Models.Gguf;

namespace EdgeBench.Compression.Artifacts;

/// <summary>Describes a GGUF file by what it holds.</summary>
public static class ArtifactReader
{
    public static ArtifactDescription Describe(string path, string id, string sha256, bool randomWeights, IReadOnlyList<PassReadback> readback)
    {
        using GgufFile file = GgufFile.Open(path);
        return new ArtifactDescription
        {
            Id = id,
            Format = ArtifactStore.Format,
            Path = path,
            Sha256 = sha256,
            FileBytes = file.FileBytes,
            WeightBytes = file.WeightBytes,
            Parameters = file.Parameters,
            Architecture = Architecture(file),
            Types = file.Types,
            RandomWeights = randomWeights,
            Readback = readback,
        };
    }

    private static string Architecture(GgufFile file) =>
        file.Shape is TransformerShape shape ? $"{shape.Architecture} {shape.Layers}L d{shape.Width}"
        : file.Architecture.Length > 0 ? file.Architecture
        : "unknown";
}
