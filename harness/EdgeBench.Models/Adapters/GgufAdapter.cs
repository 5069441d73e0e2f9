using EdgeBench.Core.Problems;
using EdgeBench.Models.Folders;
using EdgeBench.Models.Gguf;

namespace EdgeBench.Models.Adapters;

/// <summary>
/// Adapters as GGUF files: LoRA as llama.cpp's <c>convert_lora_to_gguf.py</c> writes and llama.cpp loads it, the other kinds in a form of our own (README.md). Rows that
/// rotary embedding pairs stand in the order of the base model's file.
/// </summary>
public static class GgufAdapter
{
    private const string BaseName = "general.base_model.0.name";

    /// <summary>
    /// Writes <paramref name="path"/> whole or not at all; the same adapter gives the same bytes. Throws <see cref="EdgeBenchException"/> (bad input) where the adapter does not
    /// belong to the model.
    /// </summary>
    public static void Write(string path, Adapter adapter, AdapterBase model)
    {
        ArgumentNullException.ThrowIfNull(adapter);
        ArgumentNullException.ThrowIfNull(model);
        adapter.Check(path);
        AdapterNames names = new(adapter.Kind, model, path);
        KeyValuePair<string, GgufValue>[] metadata = [.. Metadata(adapter, model)];
        GgufTensorSource[] tensors = [.. adapter.Tensors.Select(tensor => Source(tensor, names.ToGguf(tensor.Name)))];
        AdapterHeader.Of(GgufOutline.Of(path, metadata, tensors)).Check(model.Outline);
        GgufWriter.Write(path, metadata, tensors);
    }

    /// <summary>
    /// Reads a file whole. Quantised tensors become float32. Throws <see cref="EdgeBenchException"/> (bad input) for what is no adapter of the model; LoRA of several ranks has no
    /// place in <see cref="Adapter"/>.
    /// </summary>
    public static Adapter Read(string path, AdapterBase model)
    {
        ArgumentNullException.ThrowIfNull(model);
        using GgufFile file = GgufFile.Open(path);
        AdapterHeader header = AdapterHeader.Of(file);
        header.Check(model.Outline);
        AdapterNames names = new(header.Kind, model, path);
        Adapter adapter = new()
        {
            Kind = header.Kind,
            BaseModel = file.Metadata.GetValueOrDefault(BaseName)?.AsText() ?? "",
            Tensors = [.. file.Tensors.Select(tensor => Read(file, tensor, names.ToHuggingFace(tensor.Name)))],
        };
        return header is LoraHeader lora ? WithScale(adapter, lora, model) : adapter;
    }

    private static Adapter WithScale(Adapter adapter, LoraHeader header, AdapterBase model)
    {
        int[] ranks = [.. header.Pairs.Select(pair => pair.Rank).Distinct().Order()];
        if (ranks.Length > 1) throw EdgeBenchException.BadInput($"pairs of ranks {string.Join(", ", ranks)}", "one rank", "Keep the adapter as GGUF, which runs as it is.", model.Outline.Path);
        string[] linears = [.. adapter.Tensors.Select(tensor => LoraNames.Parse(tensor.Name)).Where(name => name?.IsA == true).Select(name => name!.Value.Linear)];
        string[] last = [.. linears.Select(linear => linear[(linear.LastIndexOf('.') + 1)..]).Distinct()];
        // A last part names the layer in every block.
        bool isEverywhere = linears.Length == last.Length * model.Architecture.Layers;
        return adapter with { Rank = ranks[0], Alpha = header.Alpha == 0 ? ranks[0] : header.Alpha, Targets = isEverywhere ? last : linears };
    }

    private static IEnumerable<KeyValuePair<string, GgufValue>> Metadata(Adapter adapter, AdapterBase model)
    {
        yield return new("general.architecture", GgufValue.From(model.Architecture.Name));
        yield return new("general.type", GgufValue.From("adapter"));
        yield return new(AdapterHeader.TypeKey, GgufValue.From(AdapterHeader.NameOf(adapter.Kind)));
        if (adapter.BaseModel.Length > 0)
        {
            yield return new("general.base_model.count", GgufValue.From(1u));
            yield return new(BaseName, GgufValue.From(adapter.BaseModel));
        }
        // llama.cpp multiplies by alpha over the rank.
        if (adapter.Kind == AdapterKind.Lora) yield return new(LoraHeader.AlphaKey, GgufValue.From((float)(adapter.Scale * adapter.Rank)));
        else yield return new(AdapterHeader.VersionKey, GgufValue.From((uint)AdapterHeader.Version));
        yield return new("general.file_type", GgufValue.From(TargetTypes.FileType(adapter.Tensors[0].Type)));
        yield return new("general.quantization_version", GgufValue.From(2u));
    }

    private static GgufTensorSource Source(AdapterTensor tensor, AdapterName name)
    {
        byte[] bytes = (tensor with { Values = Reordered(tensor, name.Heads, RowOrder.Paired) }).Encoded();
        return new(name.Name, tensor.Type, [.. tensor.Shape.Reverse().Select(side => (long)side)], stream => stream.Write(bytes));
    }

    private static AdapterTensor Read(GgufFile file, GgufTensor tensor, AdapterName name)
    {
        float[] values = new float[tensor.Elements];
        file.Dequantise(tensor, 0, values);
        AdapterTensor read = new(name.Name, [.. tensor.Dimensions.Reverse().Select(side => (int)side)], values)
        {
            Type = tensor.Type is GgmlType.F16 or GgmlType.BF16 ? tensor.Type : GgmlType.F32,
        };
        return read with { Values = Reordered(read, name.Heads, RowOrder.Unpaired) };
    }

    // Rows of B, and elements of each row of keys, in another order of a head's elements.
    private static float[] Reordered(AdapterTensor tensor, int heads, Func<long, int, Func<long, long>> orderOf)
    {
        if (heads == 0) return tensor.Values;
        bool isB = tensor.Name.EndsWith(LoraNames.SuffixB, StringComparison.Ordinal);
        int rows = tensor.Shape[0], columns = tensor.Shape[1], count = isB ? rows : columns;
        if (count % (2 * heads) != 0) throw EdgeBenchException.BadInput($"tensor '{tensor.Name}' of shape {tensor.ShapeText}", $"a multiple of 2 × {heads} heads in the place of {count}", AdapterHeader.OtherBase);
        Func<long, long> order = orderOf(count, heads);
        float[] values = new float[tensor.Values.Length];
        for (int i = 0; i < values.Length; i++)
            values[i] = isB ? tensor.Values[((int)order(i / columns) * columns) + (i % columns)] : tensor.Values[(i / columns * columns) + (int)order(i % columns)];
        return values;
    }
}
