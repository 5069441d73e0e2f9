using System.IO.MemoryMappedFiles;
using EdgeBench.Core.Artifacts;
using EdgeBench.Core.Configuration;
using EdgeBench.Core.Problems;
using Microsoft.Win32.SafeHandles;

namespace EdgeBench.Models.Gguf;

/// <summary>
/// A GGUF file (version 2 or 3, little-endian), memory-mapped; its header is checked on opening. Reading is safe from several threads;
/// spans of <see cref="Data(GgufTensor)"/> end with <see cref="Dispose"/>. The header is copied, never mapped, and the file's length is looked at
/// again before each span is given; only a file that is cut off while a span of it is being read still ends the process.
/// Source of the format: ggml's <c>docs/gguf.md</c>.
/// </summary>
public sealed unsafe class GgufFile : IDisposable
{
    private readonly SafeFileHandle _handle;
    private readonly MemoryMappedFile? _file;
    private readonly MemoryMappedViewAccessor? _view;
    private readonly Dictionary<string, GgufTensor> _byName;
    private byte* _start;

    private GgufFile(string path, SafeFileHandle handle)
    {
        (Path, FileBytes, _handle) = (path, RandomAccess.GetLength(handle), handle);
        try
        {
            GgufHeader header = GgufHeader.Read(new HeaderBytes(handle, FileBytes, GgufReader.HeaderLimit, path), path);
            (Version, Metadata, Tensors) = (header.Version, header.Metadata, header.Tensors);
            _byName = Tensors.ToDictionary(tensor => tensor.Name, StringComparer.Ordinal);
            _file = MemoryMappedFile.CreateFromFile(handle, null, 0, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: true);
            _view = _file.CreateViewAccessor(0, FileBytes, MemoryMappedFileAccess.Read);
            _view.SafeMemoryMappedViewHandle.AcquirePointer(ref _start);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Opens and checks. Throws <see cref="EdgeBenchException"/> (bad input) that names file, byte, finding, expectation and remedy.</summary>
    public static GgufFile Open(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (Directory.Exists(path)) throw Refused(path, "this is a folder", "a GGUF file", "Name the .gguf file in it.");
        if (!File.Exists(path)) throw Refused(path, "no such file", "a GGUF file", "Check the path.");
        // Before opening: a pipe has length 0 too, and opening it would wait for a writer.
        if (LinkedFile.Of(path).Length == 0) throw Refused(path, "the file is empty", "a GGUF file", "Fetch or convert it again.");
        try
        {
            return new GgufFile(path, File.OpenHandle(path));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw Refused(path, error.Message, "a file that can be read", "Check its permissions.");
        }
    }

    public string Path { get; }

    public int Version { get; }

    /// <summary>In the file's order.</summary>
    public IReadOnlyDictionary<string, GgufValue> Metadata { get; } = new Dictionary<string, GgufValue>();

    /// <summary>In the file's order.</summary>
    public IReadOnlyList<GgufTensor> Tensors { get; } = [];

    public long FileBytes { get; }

    /// <summary>Sum over all tensors, padding excluded.</summary>
    public long WeightBytes => Tensors.Sum(tensor => tensor.Bytes);

    /// <summary>Elements over all tensors.</summary>
    public long Parameters => Tensors.Sum(tensor => tensor.Elements);

    /// <summary><c>general.architecture</c>, or an empty text where the file does not say.</summary>
    public string Architecture => Metadata.GetValueOrDefault("general.architecture")?.AsText() ?? "";

    /// <summary>Dimensions, or null where the metadata does not hold them all.</summary>
    public TransformerShape? Shape => GgufShape.Of(this);

    /// <summary>Tensor types in use, those with most bytes first.</summary>
    public IReadOnlyList<TypeUsage> Types =>
    [
        .. Tensors.GroupBy(tensor => tensor.Type)
            .Select(group => new TypeUsage(group.Key.Info().Name, group.Count(), group.Sum(tensor => tensor.Elements), group.Sum(tensor => tensor.Bytes)))
            .OrderByDescending(usage => usage.Bytes).ThenBy(usage => usage.Type, StringComparer.Ordinal),
    ];

    public GgufTensor? Find(string name) => _byName.GetValueOrDefault(name);

    /// <summary>All bytes of a tensor of this file; for one of 2 GiB or more use <see cref="Data(GgufTensor, long, int)"/>.</summary>
    public ReadOnlySpan<byte> Data(GgufTensor tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        return Data(tensor, 0, checked((int)tensor.Bytes));
    }

    /// <summary><paramref name="length"/> bytes of a tensor from its byte <paramref name="first"/> on.</summary>
    public ReadOnlySpan<byte> Data(GgufTensor tensor, long first, int length)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        ObjectDisposedException.ThrowIf(_start is null, this);
        if (!ReferenceEquals(Find(tensor.Name), tensor)) throw new ArgumentException($"Tensor {tensor.Name} is not of {Path}.", nameof(tensor));
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ArgumentOutOfRangeException.ThrowIfNegative(first);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(first, tensor.Bytes - length);
        if (RandomAccess.GetLength(_handle) is var now && now < tensor.Offset + first + length) throw GgufErrors.CutOff(Path, now, FileBytes);
        return new ReadOnlySpan<byte>(_start + tensor.Offset + first, length);
    }

    /// <summary>
    /// Elements from <paramref name="firstElement"/> on as float32; start and length are whole blocks of the tensor's type. Throws
    /// <see cref="EdgeBenchException"/> (bad input) for a type that cannot be read.
    /// </summary>
    public void Dequantise(GgufTensor tensor, long firstElement, Span<float> values)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        long first = tensor.Type.Bytes(firstElement);
        TensorCodec.Decode(tensor.Type, Data(tensor, first, checked((int)tensor.Type.Bytes(values.Length))), values);
    }

    public void Dispose()
    {
        if (_start is not null) _view!.SafeMemoryMappedViewHandle.ReleasePointer();
        _start = null;
        _view?.Dispose();
        _file?.Dispose();
        _handle.Dispose();
    }

    private static EdgeBenchException Refused(string path, string found, string expected, string remedy) =>
        EdgeBenchException.BadInput(found, expected, remedy, path);
}
