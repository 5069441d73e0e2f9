using System.Runtime.InteropServices;
using EdgeBench.Models.Gguf;

namespace EdgeBench.Benchmarks.Onnx;

/// <summary>GGUF files to export, rounded to nearest: speed does not depend on how well levels were chosen.</summary>
internal static class ExportSources
{
    /// <param name="kind"><c>f32</c>, <c>q4_0</c>, <c>q8_0</c> (all matrices, the tied embedding too), or <c>int8</c> with one scale a row.</param>
    public static void Write(string source, string target, string kind)
    {
        using GgufFile file = GgufFile.Open(source);
        List<GgufTensorSource> tensors = [];
        foreach (GgufTensor tensor in file.Tensors)
        {
            if (tensor.Dimensions.Count < 2) tensors.Add(Encoded(file, tensor, GgmlType.F32));
            else if (kind == "int8") tensors.AddRange(Rows(file, tensor));
            else tensors.Add(Encoded(file, tensor, kind switch { "f32" => GgmlType.F32, "q4_0" => GgmlType.Q4_0, _ => GgmlType.Q8_0 }));
        }
        GgufWriter.Write(target, file.Metadata, tensors);
    }

    private static GgufTensorSource Encoded(GgufFile file, GgufTensor tensor, GgmlType type) => new(tensor.Name, type, tensor.Dimensions, stream =>
    {
        float[] values = Values(file, tensor);
        byte[] bytes = new byte[type.Bytes(values.Length)];
        TensorCodec.Encode(type, values, bytes);
        stream.Write(bytes);
    });

    // Levels and scales are made together and written one after the other.
    private static GgufTensorSource[] Rows(GgufFile file, GgufTensor tensor)
    {
        float[] scales = new float[tensor.Rows];
        int columns = (int)tensor.RowLength;
        return
        [
            new(tensor.Name, GgmlType.I8, tensor.Dimensions, stream =>
            {
                float[] values = Values(file, tensor);
                sbyte[] levels = new sbyte[values.Length];
                for (int row = 0; row < scales.Length; row++)
                {
                    ReadOnlySpan<float> part = values.AsSpan(row * columns, columns);
                    foreach (float value in part) scales[row] = Math.Max(scales[row], Math.Abs(value) / 127);
                    for (int i = 0; i < columns && scales[row] > 0; i++) levels[(row * columns) + i] = (sbyte)MathF.Round(part[i] / scales[row]);
                }
                stream.Write(MemoryMarshal.AsBytes(levels.AsSpan()));
            }),
            new($"{tensor.Name}_scale", GgmlType.F32, [tensor.Rows], stream => stream.Write(MemoryMarshal.AsBytes(scales.AsSpan()))),
        ];
    }

    private static float[] Values(GgufFile file, GgufTensor tensor)
    {
        float[] values = new float[tensor.Elements];
        file.Dequantise(tensor, 0, values);
        return values;
    }
}
