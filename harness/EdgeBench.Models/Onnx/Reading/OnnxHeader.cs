using System.IO.MemoryMappedFiles;
using EdgeBench.Core.Problems;

namespace EdgeBench.Models.Onnx.Reading;

/// <summary>
/// What an ONNX file says of itself, checked before any runtime sees it: every length lies inside the file, every tensor's dimensions and data agree, and
/// external data stays in the model's folder. Reading touches little of the file and keeps no weights. Field numbers: onnx.proto.
/// </summary>
public sealed class OnnxHeader
{
    internal OnnxHeader(string path, long bytes) => (Path, FileBytes) = (path, bytes);

    public string Path { get; }

    public long FileBytes { get; }

    public long IrVersion { get; internal set; }

    public string Producer { get; internal set; } = "";

    /// <summary>Operator sets by domain; the empty domain is ONNX's own.</summary>
    public Dictionary<string, long> Opsets { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, string> Metadata { get; } = new(StringComparer.Ordinal);

    /// <summary>Inputs that a caller gives: those without an initializer.</summary>
    public IReadOnlyList<OnnxValueInfo> Inputs { get; internal set; } = [];

    public IReadOnlyList<OnnxValueInfo> Outputs { get; internal set; } = [];

    /// <summary>How often each operator occurs, subgraphs included.</summary>
    public Dictionary<string, int> Operators { get; } = new(StringComparer.Ordinal);

    /// <summary>Tensors that the main graph carries.</summary>
    public IReadOnlyList<OnnxTensorInfo> Tensors { get; internal set; } = [];

    /// <summary>Files of external data by the name that the model gives them, with their bytes.</summary>
    public IReadOnlyDictionary<string, long> ExternalFiles { get; internal set; } = new Dictionary<string, long>();

    /// <summary>Bytes of all tensors of the main graph.</summary>
    public long WeightBytes => Tensors.Sum(tensor => tensor.Bytes);

    public OnnxValueInfo? Input(string name) => Inputs.FirstOrDefault(value => value.Name == name);

    public OnnxValueInfo? Output(string name) => Outputs.FirstOrDefault(value => value.Name == name);

    /// <summary>Reads and checks. Throws <see cref="EdgeBenchException"/> (bad input) that names file, byte, finding, expectation and remedy.</summary>
    public static unsafe OnnxHeader Read(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (Directory.Exists(path)) throw OnnxErrors.At(path, 0, "this is a folder", "an ONNX file", "Name the .onnx file in it.");
        if (!File.Exists(path)) throw OnnxErrors.At(path, 0, "no such file", "an ONNX file", "Check the path.");
        FileInfo file = new(path);
        long bytes = (file.ResolveLinkTarget(returnFinalTarget: true) as FileInfo ?? file).Length;
        if (bytes == 0) throw OnnxErrors.At(path, 0, "the file is empty", "an ONNX file", "Fetch or export it again.");
        if (bytes > int.MaxValue) throw OnnxErrors.At(path, 0, $"the file has {bytes} bytes", "at most 2147483647, where protobuf ends", "Export it with external data.");
        try
        {
            using MemoryMappedFile map = MemoryMappedFile.CreateFromFile(
                new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read), null, 0, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: false);
            using MemoryMappedViewAccessor view = map.CreateViewAccessor(0, bytes, MemoryMappedFileAccess.Read);
            byte* start = null;
            view.SafeMemoryMappedViewHandle.AcquirePointer(ref start);
            try
            {
                return Read(new ReadOnlySpan<byte>(start, (int)bytes), path);
            }
            finally
            {
                view.SafeMemoryMappedViewHandle.ReleasePointer();
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw OnnxErrors.At(path, 0, error.Message, "a file that can be read", "Check its permissions.");
        }
    }

    /// <summary>The same for bytes in memory; external data is looked for beside <paramref name="path"/>.</summary>
    public static OnnxHeader Read(ReadOnlySpan<byte> model, string path) => new OnnxModelReader(path).Read(model);
}
