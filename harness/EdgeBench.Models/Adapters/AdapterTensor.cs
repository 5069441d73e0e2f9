using EdgeBench.Core.Problems;
using EdgeBench.Models.Gguf;

namespace EdgeBench.Models.Adapters;

/// <summary>A tensor of an adapter.</summary>
/// <param name="Name">Hugging Face's, without PEFT's prefix: <c>model.layers.0.self_attn.q_proj.lora_A.weight</c>.</param>
/// <param name="Shape">Row-major: the length of a row last.</param>
/// <param name="Values">Row-major, as many as the shape has.</param>
public sealed record AdapterTensor(string Name, IReadOnlyList<int> Shape, float[] Values)
{
    /// <summary>How files store it: F32, F16 or BF16.</summary>
    public GgmlType Type { get; init; } = GgmlType.F32;

    /// <summary>The shape as messages show it.</summary>
    public string ShapeText => $"[{string.Join(", ", Shape)}]";

    /// <summary>The bytes of all elements. Throws <see cref="EdgeBenchException"/> (bad input) for a value that the type cannot hold.</summary>
    internal byte[] Encoded()
    {
        byte[] bytes = new byte[Type.Bytes(Values.Length)];
        try
        {
            TensorCodec.Encode(Type, Values, bytes);
        }
        catch (NotFiniteNumberException error)
        {
            throw EdgeBenchException.BadInput($"tensor '{Name}': {error.Message}", $"values that {Type} holds", "Store the adapter as float32.");
        }
        return bytes;
    }
}
