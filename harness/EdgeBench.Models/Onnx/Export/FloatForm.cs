using EdgeBench.Models.Gguf;
using EdgeBench.Models.Onnx.Writing;

namespace EdgeBench.Models.Onnx.Export;

/// <summary>
/// Float weights in their own type and GGUF's row order, multiplied as float32: FusedMatMul takes W transposed, so that one tensor serves as table and as
/// head. Half-width types are widened by a Cast, which ONNX Runtime folds while it loads: half the file, not half the memory.
/// </summary>
internal sealed class FloatForm(OnnxGraph graph) : IWeightForm
{
    public bool Takes(GgmlType type) => type is GgmlType.F32 or GgmlType.F16 or GgmlType.BF16;

    public string Linear(string name, string input, WeightRows rows, Action<string, long, double> report)
    {
        string weight = Store(rows, "FusedMatMul", report);
        if (rows.Type != GgmlType.F32)
            weight = graph.Node("Cast", $"{name}/weight", [weight], "", OnnxAttribute.Of("to", (long)OnnxDataType.Float));
        return graph.Node("FusedMatMul", name, [input, weight], OnnxGraph.Contrib, OnnxAttribute.Of("transB", 1L));
    }

    public string Embedding(string name, string ids, WeightRows rows, Action<string, long, double> report)
    {
        string table = Store(rows, "Gather", report);
        if (rows.Type == GgmlType.F32) return graph.Node("Gather", name, [table, ids]);
        string gathered = graph.Node("Gather", $"{name}/narrow", [table, ids]);
        return graph.Node("Cast", name, [gathered], "", OnnxAttribute.Of("to", (long)OnnxDataType.Float));
    }

    private string Store(WeightRows rows, string node, Action<string, long, double> report)
    {
        OnnxDataType type = rows.Type switch { GgmlType.F32 => OnnxDataType.Float, GgmlType.F16 => OnnxDataType.Float16, _ => OnnxDataType.BFloat16 };
        OnnxTensor tensor = new(rows.Name, type, [rows.Rows, rows.Columns], stream => rows.ForEachChunk((bytes, _) => stream.Write(bytes)));
        bool shared = graph.Initializers.Any(known => known.Name == tensor.Name);
        report($"{node}, {rows.TypeName}{(shared ? ", shared" : "")}", shared ? 0 : tensor.Bytes, 0);
        return graph.Initializer(tensor);
    }
}
