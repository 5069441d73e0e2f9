using EdgeBench.Models.Gguf;
using EdgeBench.Models.Onnx.Writing;

namespace EdgeBench.Models.Onnx.Export;

/// <summary>
/// Block formats as MatMulNBits and GatherBlockQuantized (ONNX Runtime, docs/ContribOperators.md): levels and scales as they are. Minima become whole zero
/// points where every one is a whole multiple of its scale up to float16's rounding; otherwise the product is split exactly,
/// Σ (level · scale + minimum) x = Σ (level − centre) · scale · x + (minimum + centre · scale) · Σ x over each group, because the fast kernels
/// take no fractional zero point.
/// </summary>
internal sealed class BlockWeightForm(OnnxGraph graph, int accuracyLevel) : IWeightForm
{
    public bool Takes(GgmlType type) => BlockForm.Find(type) is not null;

    public string Linear(string name, string input, WeightRows rows, Action<string, long, double> report)
    {
        BlockForm form = BlockForm.Find(rows.Type)!;
        StoredBlocks stored = Store(rows, form, "MatMulNBits", report);
        string product = graph.Node("MatMulNBits", stored.Offsets is null ? name : $"{name}/levels",
            stored.ZeroPoints is null ? [input, stored.Levels, stored.Scales] : [input, stored.Levels, stored.Scales, stored.ZeroPoints], OnnxGraph.Contrib,
            OnnxAttribute.Of("K", rows.Columns), OnnxAttribute.Of("N", rows.Rows), OnnxAttribute.Of("bits", (long)form.Bits),
            OnnxAttribute.Of("block_size", (long)form.Group), OnnxAttribute.Of("accuracy_level", (long)accuracyLevel));
        if (stored.Offsets is null) return product;
        string groups = Reshape($"{name}/groups", input, 0, 0, rows.Columns / form.Group, form.Group);
        string sums = graph.Node("ReduceSum", $"{name}/sums", [groups, graph.Initializer(OnnxTensor.Of("last_axis", [1], [-1L]))], "", OnnxAttribute.Of("keepdims", 0L));
        string offsets = graph.Node("FusedMatMul", $"{name}/offsets", [sums, stored.Offsets], OnnxGraph.Contrib, OnnxAttribute.Of("transB", 1L));
        return graph.Node("Add", name, [product, offsets]);
    }

    public string Embedding(string name, string ids, WeightRows rows, Action<string, long, double> report)
    {
        BlockForm form = BlockForm.Find(rows.Type)!;
        StoredBlocks stored = Store(rows, form, "GatherBlockQuantized", report);
        string flat = Reshape($"{name}/levels", stored.Levels, 0, -1);
        string gathered = graph.Node("GatherBlockQuantized", stored.Offsets is null ? name : $"{name}/gathered",
            stored.ZeroPoints is null ? [flat, ids, stored.Scales] : [flat, ids, stored.Scales, stored.ZeroPoints], OnnxGraph.Contrib,
            OnnxAttribute.Of("gather_axis", 0L), OnnxAttribute.Of("quantize_axis", 1L), OnnxAttribute.Of("block_size", (long)form.Group), OnnxAttribute.Of("bits", (long)form.Bits));
        if (stored.Offsets is null) return gathered;
        string groups = Reshape($"{name}/groups", gathered, 0, 0, rows.Columns / form.Group, form.Group);
        string offsets = Reshape($"{name}/column", graph.Node("Gather", $"{name}/offsets", [stored.Offsets, ids]), 0, 0, rows.Columns / form.Group, 1);
        return Reshape(name, graph.Node("Add", $"{name}/sum", [groups, offsets]), 0, 0, rows.Columns);
    }

    private string Reshape(string name, string input, params long[] shape) =>
        graph.Node("Reshape", name, [input, graph.Initializer(OnnxTensor.Of($"shape_{string.Join('_', shape)}", [shape.Length], shape))]);

    private StoredBlocks Store(WeightRows rows, BlockForm form, string node, Action<string, long, double> report)
    {
        long groups = rows.Columns / form.Group;
        Minima minima = form.HasMinimum ? BlockStream.Inspect(rows, form) : new(true, 0);
        List<OnnxTensor> tensors =
        [
            new($"{rows.Name}.levels", OnnxDataType.UInt8, [rows.Rows, groups, form.Group * form.Bits / 8], stream => BlockStream.Levels(rows, form, stream)),
            new($"{rows.Name}.scales", OnnxDataType.Float, [rows.Rows, groups], stream => BlockStream.Scales(rows, form, stream)),
        ];
        if (form.HasMinimum)
        {
            tensors.Add(minima.AreWhole
                ? new($"{rows.Name}.zero_points", OnnxDataType.UInt8, [rows.Rows, form.Bits == 8 ? groups : (groups + 1) / 2], stream => BlockStream.ZeroPoints(rows, form, stream))
                : new($"{rows.Name}.offsets", OnnxDataType.Float, [rows.Rows, groups], stream => BlockStream.Offsets(rows, form, stream)));
        }
        bool shared = graph.Initializers.Any(known => known.Name == tensors[0].Name);
        string third = !form.HasMinimum ? "" : minima.AreWhole ? " with whole zero points" : " with minima as a second product";
        report($"{node}, {form.Bits} bits in groups of {form.Group}{third}{(shared ? ", shared" : "")}", shared ? 0 : tensors.Sum(tensor => tensor.Bytes), minima.Deviation);
        foreach (OnnxTensor tensor in tensors) graph.Initializer(tensor);
        return new(tensors[0].Name, tensors[1].Name,
            form.HasMinimum && minima.AreWhole ? tensors[2].Name : null, form.HasMinimum && !minima.AreWhole ? tensors[2].Name : null);
    }

    /// <summary>Names of a weight's tensors.</summary>
    private sealed record StoredBlocks(string Levels, string Scales, string? ZeroPoints, string? Offsets);
}
