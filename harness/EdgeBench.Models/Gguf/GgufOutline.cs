namespace EdgeBench.Models.Gguf;

/// <summary>A tensor of a file that may not be written yet.</summary>
/// <param name="Dimensions">ggml's order: row length first.</param>
public sealed record TensorOutline(string Name, GgmlType Type, IReadOnlyList<long> Dimensions)
{
    public long Elements => Dimensions.Aggregate(1L, (product, next) => checked(product * next));

    public long Bytes => Type.Bytes(Elements);

    /// <summary>Elements of a row.</summary>
    public long RowLength => Dimensions[0];

    public long Rows => Elements / RowLength;
}

/// <summary>What a GGUF file says without its data: of a file, or of a folder that would become one.</summary>
public sealed class GgufOutline
{
    private readonly Dictionary<string, TensorOutline> _byName;

    public GgufOutline(string path, IReadOnlyDictionary<string, GgufValue> metadata, IReadOnlyList<TensorOutline> tensors)
    {
        (Path, Metadata, Tensors) = (path, metadata, tensors);
        _byName = tensors.ToDictionary(tensor => tensor.Name, StringComparer.Ordinal);
    }

    public string Path { get; }

    public IReadOnlyDictionary<string, GgufValue> Metadata { get; }

    public IReadOnlyList<TensorOutline> Tensors { get; }

    /// <summary><c>general.architecture</c>, or an empty text.</summary>
    public string Architecture => Metadata.GetValueOrDefault("general.architecture")?.AsText() ?? "";

    public static GgufOutline Of(GgufFile file)
    {
        ArgumentNullException.ThrowIfNull(file);
        return new GgufOutline(file.Path, file.Metadata, [.. file.Tensors.Select(tensor => new TensorOutline(tensor.Name, tensor.Type, tensor.Dimensions))]);
    }

    /// <summary>Of what is about to be written.</summary>
    public static GgufOutline Of(string path, IEnumerable<KeyValuePair<string, GgufValue>> metadata, IEnumerable<GgufTensorSource> tensors) =>
        new(path, new OrderedDictionary<string, GgufValue>(metadata, StringComparer.Ordinal), [.. tensors.Select(tensor => new TensorOutline(tensor.Name, tensor.Type, tensor.Dimensions))]);

    public TensorOutline? Find(string name) => _byName.GetValueOrDefault(name);
}
