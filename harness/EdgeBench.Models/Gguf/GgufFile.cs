using EdgeBench.Core.Artifacts;
using EdgeBench.Core.Configuration;
using EdgeBench.Core.Problems;
using EdgeBench.Models.Files;

namespace EdgeBench.Models.Gguf;

/// <summary>
/// A GGUF file (version 2 or 3, little-endian), memory-mapped; its header is checked on opening. Reading is safe from several threads;
/// spans of <see cref="Data(GgufTensor)"/> end with <see cref="Dispose"/>. The header is copied, never mapped, and the file's length is looked at
/// again before each span is given; only a file that is cut off while a span of it is being read still ends the process.
/// Source of the format: ggml's <c>docs/gguf.md</c>.
/// </summary>
public sealed class GgufFile : IDisposable
{
    private readonly MappedFile _file;
    private readonly Dictionary<string, GgufTensor> _byName;

    private GgufFile(MappedFile file)
    {
        _file = file;
        GgufHeader header = GgufHeader.Read(file.Header(GgufReader.HeaderLimit), file.Path);
        (Version, Metadata, Tensors) = (header.Version, header.Metadata, header.Tensors);
        _byName = Tensors.ToDictionary(tensor => tensor.Name, StringComparer.Ordinal);
    }

    /// <summary>Opens and checks. Throws <see cref="EdgeBenchException"/> (bad input) that names file, byte, finding, expectation and remedy.</summary>
    public static GgufFile Open(string path)
    {
        MappedFile file = MappedFile.Open(path, "a GGUF file");
        try
        {
            return new GgufFile(file);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    public string Path => _file.Path;

    public int Version { get; }

    /// <summary>In the file's order.</summary>
    public IReadOnlyDictionary<string, GgufValue> Metadata { get; } = new Dictionary<string, GgufValue>();

    /// <summary>In the file's order.</summary>
    public IReadOnlyList<GgufTensor> Tensors { get; } = [];

    public long FileBytes => _file.Length;

    /// <summary>Sum over all tensors, padding excluded.</summary>
    public long WeightBytes => Tensors.Sum(tensor => tensor.Bytes);

    /// <summary>Elements over all tensors.</summary>
    public long Parameters => Tensors.Sum(tensor => tensor.Elements);

    /// <summary><c>general.architecture</c>, or an empty text where the file does not say.</summary>
    public string Architecture => Metadata.GetValueOrDefault("general.architecture")?.AsText() ?? "";

    /// <summary>Dimensions, or null where the metadata does not hold them all.</summary>
    public TransformerShape? Shape => GgufShape.Of(GgufOutline.Of(this));

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
        if (!ReferenceEquals(Find(tensor.Name), tensor)) throw new ArgumentException($"Tensor {tensor.Name} is not of {Path}.", nameof(tensor));
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ArgumentOutOfRangeException.ThrowIfNegative(first);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(first, tensor.Bytes - length);
        return _file.Data(tensor.Offset + first, length);
    }

    /// <summary>Tells the system that bytes of a tensor will not be read soon: their pages leave this process's memory.</summary>
    public void Release(GgufTensor tensor, long first, long length)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        ArgumentOutOfRangeException.ThrowIfNegative(first);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(first, tensor.Bytes - length);
        _file.Release(tensor.Offset + first, length);
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

    public void Dispose() => _file.Dispose();
}
