using EdgeBench.Core.Artifacts;
using EdgeBench.Core.IO;
using EdgeBench.Models.Onnx.Reading;
using EdgeBench.Models.Sources;

namespace EdgeBench.Compression.Formats;

/// <summary>Describes an ONNX file that somebody else exported, by what it holds.</summary>
internal static class ForeignOnnx
{
    public static ArtifactDescription Describe(Checkpoint checkpoint, string id)
    {
        OnnxHeader header = OnnxHeader.Read(checkpoint.Path);
        string folder = Path.GetDirectoryName(Path.GetFullPath(checkpoint.Path))!;
        return new ArtifactDescription
        {
            Id = id,
            Format = checkpoint.Format,
            Path = checkpoint.Path,
            Sha256 = ContentHash.OfFile(checkpoint.Path),
            FileBytes = header.FileBytes,
            Parts = [.. OnnxCheckpoint.Parts(header).Select(name => Part(Path.Combine(folder, name)))],
            WeightBytes = header.WeightBytes,
            Parameters = header.Tensors.Sum(tensor => tensor.Elements),
            Architecture = header.Producer.Length > 0 ? $"onnx by {header.Producer}" : "onnx",
            Types =
            [
                .. header.Tensors.GroupBy(tensor => tensor.Type)
                    .Select(group => new TypeUsage(group.Key.ToString().ToLowerInvariant(), group.Count(), group.Sum(tensor => tensor.Elements), group.Sum(tensor => tensor.Bytes)))
                    .OrderByDescending(usage => usage.Bytes),
            ],
        };
    }

    private static ArtifactPart Part(string path) => new(Path.GetFileName(path), new FileInfo(path).Length, ContentHash.OfFile(path));
}
