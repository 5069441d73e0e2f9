using EdgeBench.Core.IO;
using EdgeBench.Models.Gguf;

namespace EdgeBench.Compression.Passes;

/// <summary>A pass that changes no tensor: the same bytes under other metadata.</summary>
internal static class MetadataRewrite
{
    /// <summary>Writes atomically. Throws <see cref="Core.Problems.DiskFullException"/> before writing where the disk is too small.</summary>
    public static void Run(GgufFile input, string outputPath, IReadOnlyList<KeyValuePair<string, GgufValue>> metadata, CancellationToken cancellation)
    {
        GgufTensorSource[] tensors =
        [
            .. input.Tensors.Select(tensor => new GgufTensorSource(
                tensor.Name, tensor.Type, tensor.Dimensions, output => TensorStream.Write(input, tensor, tensor.Type, output, cancellation))),
        ];
        string folder = Path.GetDirectoryName(Path.GetFullPath(outputPath))!;
        DiskSpace.Require(folder, GgufWriter.Measure(metadata, tensors), Path.GetFileName(outputPath));
        DiskSpace.Guard(folder, Path.GetFileName(outputPath), () => GgufWriter.Write(outputPath, metadata, tensors));
    }
}
