using EdgeBench.Core.Problems;
using EdgeBench.Models.Gguf;
using EdgeBench.Models.Onnx.Writing;

namespace EdgeBench.Models.Onnx.Export;

/// <summary>
/// int8 levels with one scale an output row (tensor <c>X.weight</c> of type I8 with <c>X.weight_scale</c>), as passes for int8 write them. Without
/// <c>X.input_scale</c> activations are rounded by their range at run time (DynamicQuantizeMatMul: unsigned, one scale a call); with it they are
/// rounded by that scale (QuantizeLinear, DequantizeLinear and MatMul, which ONNX Runtime fuses to an integer product).
/// </summary>
internal sealed class Int8Form(OnnxGraph graph, GgufFile file) : IWeightForm
{
    public static string WeightScale(string weight) => $"{weight}_scale";

    public static string InputScale(string weight) => $"{weight[..weight.LastIndexOf('.')]}.input_scale";

    public bool Takes(GgmlType type) => type == GgmlType.I8;

    public string Linear(string name, string input, WeightRows rows, Action<string, long, double> report)
    {
        OnnxTensor weight = new($"{rows.Name}.transposed", OnnxDataType.Int8, [rows.Columns, rows.Rows], rows.WriteTransposed);
        OnnxTensor scales = Scales(rows);
        float? inputScale = file.Find(InputScale(rows.Parts[0].Name)) is { } tensor ? Singles(tensor, 1)[0] : null;
        report($"{(inputScale is null ? "DynamicQuantizeMatMul" : "MatMul between QuantizeLinear and DequantizeLinear")}, int8, one scale a row", weight.Bytes + scales.Bytes, 0);
        graph.Initializer(weight);
        graph.Initializer(scales);
        if (inputScale is not { } scale) return graph.Node("DynamicQuantizeMatMul", name, [input, weight.Name, scales.Name], OnnxGraph.Contrib);

        string step = graph.Initializer(OnnxTensor.Of(InputScale(rows.Name), [], [scale]));
        // Unsigned levels around 128 are signed ones around 0, and what the fast products take.
        string centre = graph.Initializer(OnnxTensor.Of("input_zero_point", OnnxDataType.UInt8, [], new byte[] { 128 }));
        string levels = graph.Node("QuantizeLinear", $"{name}/quantize", [input, step, centre]);
        string values = graph.Node("DequantizeLinear", $"{name}/dequantize", [levels, step, centre]);
        string zeros = graph.Initializer(new($"zeros_{rows.Rows}", OnnxDataType.Int8, [rows.Rows], stream => stream.Write(new byte[rows.Rows])));
        string matrix = graph.Node("DequantizeLinear", $"{name}/weight", [weight.Name, scales.Name, zeros], "", OnnxAttribute.Of("axis", 1L));
        return graph.Node("MatMul", name, [values, matrix]);
    }

    public string Embedding(string name, string ids, WeightRows rows, Action<string, long, double> report)
    {
        OnnxTensor table = new(rows.Name, OnnxDataType.Int8, [rows.Rows, rows.Columns], stream => rows.ForEachChunk((bytes, _) => stream.Write(bytes)));
        OnnxTensor scales = Scales(rows);
        report("Gather, int8, one scale a row", table.Bytes + scales.Bytes, 0);
        string levels = graph.Node("Cast", $"{name}/levels", [graph.Node("Gather", $"{name}/rows", [graph.Initializer(table), ids])], "", OnnxAttribute.Of("to", (long)OnnxDataType.Float));
        string scale = graph.Node("Gather", $"{name}/scale", [graph.Initializer(scales), ids]);
        string column = graph.Node("Unsqueeze", $"{name}/column", [scale, graph.Initializer(OnnxTensor.Of("last_axis", [1], [-1L]))]);
        return graph.Node("Mul", name, [levels, column]);
    }

    private OnnxTensor Scales(WeightRows rows)
    {
        List<float[]> parts = [];
        foreach (GgufTensor part in rows.Parts)
        {
            GgufTensor tensor = file.Find(WeightScale(part.Name))
                ?? throw EdgeBenchException.BadInput($"no tensor '{WeightScale(part.Name)}'", $"the scales of the int8 rows of '{part.Name}'", "Build the artifact again.", file.Path);
            parts.Add(Singles(tensor, part.Rows));
        }
        return OnnxTensor.Of(WeightScale(rows.Name), [rows.Rows], [.. parts.SelectMany(part => part)]);
    }

    private float[] Singles(GgufTensor tensor, long count)
    {
        if (tensor.Type != GgmlType.F32 || tensor.Elements != count)
            throw EdgeBenchException.BadInput($"tensor '{tensor.Name}' has {tensor.Elements} elements of {tensor.Type}", $"{count} of F32", "Build the artifact again.", file.Path);
        float[] values = new float[count];
        file.Dequantise(tensor, 0, values);
        return Array.TrueForAll(values, value => float.IsFinite(value) && value >= 0) ? values
            : throw EdgeBenchException.BadInput($"tensor '{tensor.Name}' holds a scale that is negative or not finite", "finite positive scales", "Build the artifact again.", file.Path);
    }
}
