using EdgeBench.Core.Problems;

namespace EdgeBench.Models.Adapters;

/// <summary>
/// A parameter-efficient adapter in memory, with Hugging Face's names and row orders, whatever it was read from:
/// <list type="bullet">
/// <item>LoRA: <c>{linear}.lora_A.weight</c> [rank, inputs] and <c>{linear}.lora_B.weight</c> [outputs, rank];</item>
/// <item>prompt: <c>prompt_embeddings</c> [tokens, width], in the units of the embedding table;</item>
/// <item>prefix: <c>model.layers.{n}.self_attn.prefix_k</c> and <c>….prefix_v</c> [tokens, key/value heads · elements of a head], keys after rotary embedding;</item>
/// <item>bottleneck: <c>model.layers.{n}.{self_attn|mlp}.adapter.{down|up}.{weight|bias}</c>.</item>
/// </list>
/// </summary>
public sealed record Adapter
{
    /// <summary>Name of a soft prompt's only tensor.</summary>
    public const string PromptEmbeddings = "prompt_embeddings";

    public required AdapterKind Kind { get; init; }

    /// <summary>What it was trained for, as a file says it; empty where none does.</summary>
    public string BaseModel { get; init; } = "";

    /// <summary>Rank of every pair of LoRA, else 0.</summary>
    public int Rank { get; init; }

    /// <summary>Products of LoRA are multiplied by this over the rank, or over its square root (<see cref="IsRankStabilised"/>).</summary>
    public double Alpha { get; init; }

    /// <summary>Whether products count alpha / sqrt(rank). Source: D. Kalajdzievski, "A Rank Stabilization Scaling Factor for Fine-Tuning with LoRA", 2023.</summary>
    public bool IsRankStabilised { get; init; }

    /// <summary>Share of inputs that training left out.</summary>
    public double Dropout { get; init; }

    /// <summary>The linear layers of LoRA, by the last part of their names or by whole names.</summary>
    public IReadOnlyList<string> Targets { get; init; } = [];

    public required IReadOnlyList<AdapterTensor> Tensors { get; init; }

    /// <summary>Elements of all tensors: what was trained.</summary>
    public long Parameters => Tensors.Sum(tensor => (long)tensor.Values.Length);

    /// <summary>Factor of B (A x).</summary>
    public double Scale => IsRankStabilised ? Alpha / Math.Sqrt(Rank) : Alpha / Rank;

    public AdapterTensor? Find(string name) => Tensors.FirstOrDefault(tensor => tensor.Name == name);

    /// <summary>Throws <see cref="EdgeBenchException"/> (bad input) for a tensor whose values are not as many as its shape says, a name that occurs twice, or pairs of LoRA that are none.</summary>
    internal void Check(string path)
    {
        if (Tensors.Count == 0) throw EdgeBenchException.BadInput("an adapter without tensors", "at least one", null, path);
        Dictionary<string, AdapterTensor> byName = new(StringComparer.Ordinal);
        foreach (AdapterTensor tensor in Tensors)
        {
            if (!byName.TryAdd(tensor.Name, tensor)) throw EdgeBenchException.BadInput($"tensor '{tensor.Name}' occurs twice", "each name once", null, path);
            if (tensor.Shape.Any(side => side < 1) || tensor.Shape.Aggregate(1L, (product, side) => product * side) != tensor.Values.Length)
                throw EdgeBenchException.BadInput($"tensor '{tensor.Name}' of shape {tensor.ShapeText} has {tensor.Values.Length} values", "as many as its shape says, at least one", null, path);
        }
        if (Kind == AdapterKind.Lora) LoraNames.Check(this, byName, path);
    }
}
