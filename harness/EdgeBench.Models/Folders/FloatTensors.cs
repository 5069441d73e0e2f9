using System.Runtime.InteropServices;
using EdgeBench.Core.Problems;
using EdgeBench.Models.Architectures;
using EdgeBench.Models.Files;
using EdgeBench.Models.Folders.Families;
using EdgeBench.Models.Gguf;

namespace EdgeBench.Models.Folders;

/// <summary>A GGUF file's tensors by Hugging Face's names and row orders, as float32, and the way back: what training reads and writes.</summary>
public sealed class FloatTensors
{
    private readonly GgufFile _file;
    private readonly ModelFamily _family;
    private readonly Dictionary<string, (GgufTensor Tensor, TensorChange Change)> _byName = new(StringComparer.Ordinal);

    /// <summary>Throws <see cref="EdgeBenchException"/> (bad input) for an architecture whose names are not known.</summary>
    public FloatTensors(GgufFile file)
    {
        ArgumentNullException.ThrowIfNull(file);
        _file = file;
        _family = ModelFamilies.OfGguf(file.Architecture, file.Path);
        Architecture = GgufArchitecture.Of(file);
        TensorNames names = new(_family.Names);
        foreach (GgufTensor tensor in file.Tensors)
        {
            if (names.ToHuggingFace(tensor.Name) is { } found) _byName[found.Name] = (tensor, found.Change);
        }
    }

    public ModelArchitecture Architecture { get; }

    /// <summary>Hugging Face's names, in the file's order.</summary>
    public IReadOnlyCollection<string> Names => _byName.Keys;

    /// <summary>The GGUF tensor of a name, or null.</summary>
    public GgufTensor? Find(string name) => _byName.TryGetValue(name, out var found) ? found.Tensor : null;

    /// <summary>Row-major values, or null where there is no such tensor. Throws <see cref="EdgeBenchException"/> (bad input) for a type that cannot be read.</summary>
    public unsafe float[]? Read(string name)
    {
        if (!_byName.TryGetValue(name, out var found)) return null;
        TensorConversion conversion = ExportedTensor.ConversionOf(found.Tensor, found.Change, Architecture, GgmlType.F32);
        float[] values = new float[found.Tensor.Elements];
        fixed (float* first = values)
        {
            using UnmanagedMemoryStream stream = new((byte*)first, 0, values.LongLength * sizeof(float), FileAccess.Write);
            conversion.Write(stream, ExportedTensor.RowsOf(_file, found.Tensor, conversion));
        }
        return values;
    }

    /// <summary>A tensor of the file, new ones included, from Hugging Face's name and values. Throws <see cref="EdgeBenchException"/> (bad input) for a name that the family does not have.</summary>
    /// <param name="shape">[out, in] of a matrix, or [n].</param>
    /// <param name="type">Of a matrix; vectors are float32. <see cref="WeightType.Stored"/> is float16.</param>
    public GgufTensorSource Source(string name, IReadOnlyList<int> shape, Func<float[]> values, WeightType type) => Source(name, shape, values, TypeOf(type));

    /// <summary>The same with any type that can be written.</summary>
    public GgufTensorSource Source(string name, IReadOnlyList<int> shape, Func<float[]> values, GgmlType type)
    {
        ArgumentNullException.ThrowIfNull(shape);
        (string own, TensorChange change) = new TensorNames(_family.Names).ToGguf(name)
            ?? throw EdgeBenchException.BadInput($"tensor {FileErrors.Quoted(name)}", $"the tensors of {_family.Classes[0]}", file: _file.Path);
        (long rows, long rowLength) = shape.Count == 1 ? (1, shape[0]) : (shape[0], shape[1]);
        Func<long, long>? order = null;
        if (change is TensorChange.PairQueryRows or TensorChange.PairKeyRows)
        {
            if (shape.Count == 1) (rows, rowLength) = (rowLength, 1);
            order = Paired(name, rows);
        }
        GgmlType to = shape.Count == 1 ? GgmlType.F32 : type;
        TensorConversion conversion = new(name, rows, rowLength, GgmlType.F32, to, order, change == TensorChange.AddOne ? 1 : 0);
        return new GgufTensorSource(own, to, [.. shape.Reverse().Select(side => (long)side)], stream =>
        {
            float[] read = values();
            conversion.Write(stream, (row, count) => MemoryMarshal.AsBytes(read.AsSpan(checked((int)(row * rowLength)), checked((int)(count * rowLength)))));
        });
    }

    /// <summary>The named tensor's row for each of the file's; null where they are the same.</summary>
    public Func<long, long>? RowOrder(string name, int rows) =>
        new TensorNames(_family.Names).ToGguf(name)?.Change is TensorChange.PairQueryRows or TensorChange.PairKeyRows ? Paired(name, rows) : null;

    private Func<long, long> Paired(string name, long rows) =>
        Folders.RowOrder.Paired(rows, ModelFamily.HeadsOf(new TensorNames(_family.Names).ToGguf(name)!.Value.Change, Architecture.Heads, Architecture.KvHeads));

    /// <summary>The file's metadata for a file of other weights: with its name and type, without what was done to the old ones.</summary>
    public IReadOnlyList<KeyValuePair<string, GgufValue>> MetadataFor(string name, WeightType type)
    {
        Dictionary<string, GgufValue> changed = new() { ["general.name"] = GgufValue.From(name), ["general.file_type"] = GgufValue.From(TargetTypes.FileType(TypeOf(type))) };
        return [.. _file.Metadata.Where(entry => !changed.ContainsKey(entry.Key) && !entry.Key.StartsWith("edgebench.", StringComparison.Ordinal)), .. changed];
    }

    private static GgmlType TypeOf(WeightType type) => type switch { WeightType.F32 => GgmlType.F32, WeightType.BF16 => GgmlType.BF16, _ => GgmlType.F16 };
}
