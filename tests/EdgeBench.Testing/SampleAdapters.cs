using EdgeBench.Models.Adapters;
using EdgeBench.Models.Architectures;

namespace EdgeBench.Testing;

/// <summary>Adapters of every kind, of random values, for any model; the same seed gives the same values.</summary>
public static class SampleAdapters
{
    /// <param name="size">Rank, virtual tokens, or inner width.</param>
    /// <param name="scale">Values lie evenly between minus and plus this.</param>
    public static Adapter Of(AdapterKind kind, AdapterBase model, int seed = 1, int size = 3, double scale = 0.5)
    {
        ModelArchitecture a = model.Architecture;
        Random random = new(seed);
        int query = a.Heads * a.HeadDim, key = a.KvHeads * a.HeadDim;
        IEnumerable<string> layers = Enumerable.Range(0, a.Layers).Select(layer => $"model.layers.{layer}.");
        return kind switch
        {
            AdapterKind.Lora => new()
            {
                Kind = kind,
                BaseModel = "base",
                Rank = size,
                Alpha = 4,
                Targets = ["q_proj", "k_proj", "down_proj"],
                Tensors = [.. layers.SelectMany(at => (AdapterTensor[])[.. Pair($"{at}self_attn.q_proj", query, a.Width), .. Pair($"{at}self_attn.k_proj", key, a.Width), .. Pair($"{at}mlp.down_proj", a.Width, a.Ffn)])],
            },
            AdapterKind.Prompt => new() { Kind = kind, BaseModel = "base", Tensors = [Make(Adapter.PromptEmbeddings, size, a.Width)] },
            AdapterKind.Prefix => new() { Kind = kind, BaseModel = "base", Tensors = [.. layers.SelectMany(at => new[] { Make($"{at}self_attn.prefix_k", size, key), Make($"{at}self_attn.prefix_v", size, key) })] },
            _ => new() { Kind = kind, BaseModel = "base", Tensors = [.. layers.SelectMany(at => (AdapterTensor[])[.. Site($"{at}self_attn.adapter"), .. Site($"{at}mlp.adapter")])] },
        };

        AdapterTensor[] Pair(string linear, int outputs, int inputs) => [Make($"{linear}.lora_A.weight", size, inputs), Make($"{linear}.lora_B.weight", outputs, size)];

        AdapterTensor[] Site(string at) => [Make($"{at}.down.weight", size, a.Width), Make($"{at}.down.bias", size), Make($"{at}.up.weight", a.Width, size), Make($"{at}.up.bias", a.Width)];

        AdapterTensor Make(string name, params int[] shape) =>
            new(name, shape, [.. Enumerable.Range(0, shape.Aggregate(1, (product, side) => product * side)).Select(_ => (float)(((2 * random.NextDouble()) - 1) * scale))]);
    }
}
