using System.Buffers.Binary;
using EdgeBench.Core.Problems;
using EdgeBench.Models.Files;
using EdgeBench.Models.Gguf;

namespace EdgeBench.Models.Safetensors;

/// <summary>A safetensors file; its header is checked on opening, its data are mapped on first use. Reading is safe from several threads.</summary>
public sealed class SafetensorsFile : IDisposable
{
    private readonly MappedFile _file;
    private readonly Dictionary<string, SafetensorsTensor> _byName;

    private SafetensorsFile(MappedFile file)
    {
        _file = file;
        SafetensorsHeader header = SafetensorsHeader.Read(file.Header(SafetensorsHeader.Limit + 8), file.Path);
        (Metadata, Tensors) = (header.Metadata, header.Tensors);
        _byName = Tensors.ToDictionary(tensor => tensor.Name, StringComparer.Ordinal);
    }

    /// <summary>Opens and checks. Throws <see cref="EdgeBenchException"/> (bad input) that names file, byte, finding, expectation and remedy.</summary>
    public static SafetensorsFile Open(string path)
    {
        MappedFile file = MappedFile.Open(path, "a safetensors file");
        try
        {
            return new SafetensorsFile(file);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    public string Path => _file.Path;

    public long FileBytes => _file.Length;

    /// <summary><c>__metadata__</c>.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>In the header's order.</summary>
    public IReadOnlyList<SafetensorsTensor> Tensors { get; }

    public SafetensorsTensor? Find(string name) => _byName.GetValueOrDefault(name);

    /// <summary><paramref name="length"/> bytes of a tensor of this file from its byte <paramref name="first"/> on; the span ends with <see cref="Dispose"/>.</summary>
    public ReadOnlySpan<byte> Data(SafetensorsTensor tensor, long first, int length)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        if (!ReferenceEquals(Find(tensor.Name), tensor)) throw new ArgumentException($"Tensor {tensor.Name} is not of {Path}.", nameof(tensor));
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ArgumentOutOfRangeException.ThrowIfNegative(first);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(first, tensor.Bytes - length);
        return _file.Data(tensor.Offset + first, length);
    }

    /// <summary>
    /// Elements from <paramref name="firstElement"/> on as float32; F64 is rounded. Throws <see cref="EdgeBenchException"/> (bad input) for types
    /// that hold no weights (integers) and for F8, whose scales no convention fixes.
    /// </summary>
    public void Decode(SafetensorsTensor tensor, long firstElement, Span<float> values)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        int width = tensor.Dtype.Bytes();
        ReadOnlySpan<byte> bytes = Data(tensor, firstElement * width, checked(values.Length * width));
        if (tensor.Dtype == SafetensorsDtype.F64)
        {
            for (int i = 0; i < values.Length; i++) values[i] = (float)BinaryPrimitives.ReadDoubleLittleEndian(bytes[(i * 8)..]);
            return;
        }
        TensorCodec.Decode(StoredAs(tensor), bytes, values);
    }

    /// <summary>The GGUF type with the same bytes. Throws as <see cref="Decode"/> does; F64 has none here either, since no GGUF model stores weights so.</summary>
    public GgmlType StoredAs(SafetensorsTensor tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        return tensor.Dtype switch
        {
            SafetensorsDtype.F32 => GgmlType.F32,
            SafetensorsDtype.F16 => GgmlType.F16,
            SafetensorsDtype.BF16 => GgmlType.BF16,
            _ => throw EdgeBenchException.BadInput($"tensor {FileErrors.Quoted(tensor.Name)} is stored as {tensor.Dtype}", "weights as F64, F32, F16 or BF16",
                "Use the model's unquantised weights.", Path),
        };
    }

    public void Dispose() => _file.Dispose();
}
