using EdgeBench.Core.Artifacts;
using EdgeBench.Core.Configuration;
using EdgeBench.Models.Gguf;

namespace EdgeBench.Compression.Artifacts;

/// <summary>Describes a GGUF file, and the adapter that belongs to it, by what they hold.</summary>
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

    /// <summary>The same with an adapter beside it: weights, parameters and types are those of both.</summary>
    public static ArtifactDescription With(ArtifactDescription model, ArtifactPart adapter)
    {
        ArgumentNullException.ThrowIfNull(model);
        using GgufFile file = GgufFile.Open(AdapterPart.PathBeside(model.Path));
        return model with
        {
            Parts = [adapter],
            WeightBytes = model.WeightBytes + file.WeightBytes,
            Parameters = model.Parameters + file.Parameters,
            Types = [.. model.Types.Concat(file.Types).GroupBy(usage => usage.Type).Select(Sum).OrderByDescending(usage => usage.Bytes).ThenBy(usage => usage.Type, StringComparer.Ordinal)],
        };
    }

    private static TypeUsage Sum(IGrouping<string, TypeUsage> usages) => new(usages.Key, usages.Sum(usage => usage.Tensors), usages.Sum(usage => usage.Elements), usages.Sum(usage => usage.Bytes));

    private static string Architecture(GgufFile file) =>
        file.Shape is TransformerShape shape ? $"{shape.Architecture} {shape.Layers}L d{shape.Width}"
        : file.Architecture.Length > 0 ? file.Architecture
        : "unknown";
}
