using EdgeBench.Core.Artifacts;
using EdgeBench.Models.Sources;
using EdgeBench.Models.Tflite;

namespace EdgeBench.Compression.Formats;

/// <summary>Describes a TensorFlow Lite file that somebody else converted, by what it holds.</summary>
internal static class ForeignTflite
{
    public static ArtifactDescription Describe(Checkpoint checkpoint, string id)
    {
        TfliteFile file = TfliteFile.Read(checkpoint.Path);
        return new ArtifactDescription
        {
            Id = id,
            Format = checkpoint.Format,
            Path = checkpoint.Path,
            Sha256 = checkpoint.Sha256,
            FileBytes = file.FileBytes,
            WeightBytes = file.Types.Sum(type => type.Bytes),
            Parameters = file.Types.Sum(type => type.Elements),
            Architecture = TfliteFile.Format,
            Types = file.Types,
        };
    }
}
