using System.Runtime.InteropServices;
using EdgeBench.Models.Gguf;

namespace EdgeBench.Backends.Tests.OnnxRuntime;

/// <summary>A matrix rounded to int8 with one scale a row, as the passes write it.</summary>
internal static class Int8Rows
{
    /// <param name="inputScale">Of activations that are rounded by a fixed scale; null where they are by their range.</param>
    public static List<GgufTensorSource> Of(GgufFile file, GgufTensor tensor, float? inputScale = null)
    {
        float[] values = new float[tensor.Elements], scales = new float[tensor.Rows];
        file.Dequantise(tensor, 0, values);
        sbyte[] levels = new sbyte[values.Length];
        int columns = (int)tensor.RowLength;
        for (int row = 0; row < scales.Length; row++)
        {
            ReadOnlySpan<float> part = values.AsSpan(row * columns, columns);
            scales[row] = part.ToArray().Max(Math.Abs) / 127;
            for (int i = 0; i < columns; i++) levels[(row * columns) + i] = (sbyte)MathF.Round(part[i] / scales[row]);
        }
        List<GgufTensorSource> written =
        [
            new(tensor.Name, GgmlType.I8, tensor.Dimensions, stream => stream.Write(MemoryMarshal.AsBytes(levels.AsSpan()))),
            new($"{tensor.Name}_scale", GgmlType.F32, [tensor.Rows], stream => stream.Write(MemoryMarshal.AsBytes(scales.AsSpan()))),
        ];
        if (inputScale is { } scale)
            written.Add(new(tensor.Name.Replace(".weight", ".input_scale", StringComparison.Ordinal), GgmlType.F32, [1], stream => stream.Write(BitConverter.GetBytes(scale))));
        return written;
    }
}
