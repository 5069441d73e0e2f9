using EdgeBench.Models.Gguf;

namespace EdgeBench.Engine.Tests.Inference;

/// <summary>Copies of files with their matrices in another type.</summary>
internal static class Requantised
{
    /// <summary>Every matrix whose rows are whole blocks becomes <paramref name="type"/>; the rest stays.</summary>
    public static string Write(string source, string target, GgmlType type)
    {
        using GgufFile file = GgufFile.Open(source);
        GgufWriter.Write(target, file.Metadata, [.. file.Tensors.Select(tensor => Source(file, tensor, type))]);
        return target;
    }

    private static GgufTensorSource Source(GgufFile file, GgufTensor tensor, GgmlType type)
    {
        bool isMatrix = tensor.Dimensions.Count > 1 && tensor.RowLength % type.Info().BlockSize == 0;
        GgmlType written = isMatrix ? type : tensor.Type;
        return new(tensor.Name, written, tensor.Dimensions, stream =>
        {
            if (!isMatrix)
            {
                stream.Write(file.Data(tensor));
                return;
            }
            float[] values = new float[tensor.Elements];
            file.Dequantise(tensor, 0, values);
            byte[] bytes = new byte[type.Bytes(values.Length)];
            TensorCodec.Encode(type, values, bytes);
            stream.Write(bytes);
        });
    }
}
