using System.Runtime.InteropServices;
using EdgeBench.Models.Gguf;

namespace EdgeBench.Testing;

/// <summary>A LoRA adapter of random values for some matrices of a model; the same seed gives the same file.</summary>
public sealed record RandomAdapter(int Seed)
{
    public int Rank { get; init; } = 8;

    public float Alpha { get; init; } = 16;

    /// <summary>Values lie evenly between minus and plus this.</summary>
    public double Size { get; init; } = 0.1;

    /// <summary>Every matrix whose name contains one of these.</summary>
    public IReadOnlyList<string> Targets { get; init; } = ["attn_q", "attn_k", "attn_v", "attn_output", "ffn_gate", "ffn_up", "ffn_down"];

    /// <summary>Null is the model's.</summary>
    public string? Architecture { get; init; }

    /// <summary>Rows of every B that the model's matrix has not.</summary>
    public int MoreRows { get; init; }

    public IReadOnlyDictionary<string, GgufValue> MoreMetadata { get; init; } = new Dictionary<string, GgufValue>();

    /// <summary>Writes it for the model in a file; answers <paramref name="target"/>.</summary>
    public string Write(string target, string model)
    {
        using GgufFile file = GgufFile.Open(model);
        Random random = new(Seed);
        List<GgufTensorSource> tensors = [];
        foreach (GgufTensor tensor in file.Tensors.Where(tensor => tensor.Dimensions.Count == 2 && Targets.Any(part => tensor.Name.Contains(part, StringComparison.Ordinal))))
        {
            Add($"{tensor.Name}.lora_a", [tensor.RowLength, Rank]);
            Add($"{tensor.Name}.lora_b", [Rank, tensor.Rows + MoreRows]);
        }
        GgufWriter.Write(target, new Dictionary<string, GgufValue>(MoreMetadata)
        {
            ["general.architecture"] = GgufValue.From(Architecture ?? file.Architecture),
            ["general.type"] = GgufValue.From("adapter"),
            ["adapter.type"] = GgufValue.From("lora"),
            ["adapter.lora.alpha"] = GgufValue.From(Alpha),
        }, tensors);
        return target;

        void Add(string name, long[] dimensions)
        {
            float[] values = [.. Enumerable.Range(0, (int)(dimensions[0] * dimensions[1])).Select(_ => (float)(((2 * random.NextDouble()) - 1) * Size))];
            tensors.Add(new(name, GgmlType.F32, dimensions, stream => stream.Write(MemoryMarshal.AsBytes<float>(values))));
        }
    }
}
