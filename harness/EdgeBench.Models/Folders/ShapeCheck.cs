using EdgeBench.Models.Folders.Families;
using EdgeBench.Models.Gguf;

namespace EdgeBench.Models.Folders;

/// <summary>Whether the tensors are those that config.json describes.</summary>
internal static class ShapeCheck
{
    /// <summary>What is missing or has another shape, one line each.</summary>
    public static IEnumerable<string> Missing(ConfigFile config, ModelFamily family, IReadOnlyList<GgufTensorSource> tensors)
    {
        Dictionary<string, GgufTensorSource> byName = tensors.ToDictionary(tensor => tensor.Name, StringComparer.Ordinal);
        int layers = config.Int("num_hidden_layers");
        foreach ((string name, long[] dimensions) in Expected(config, family, layers))
        {
            if (!byName.TryGetValue(name, out GgufTensorSource? found)) yield return $"no tensor for '{name}'";
            else if (!found.Dimensions.SequenceEqual(dimensions)) yield return $"'{name}' has the dimensions {string.Join(" × ", found.Dimensions)}, and {ConfigFile.Name} says {string.Join(" × ", dimensions)}";
        }
        foreach (GgufTensorSource tensor in tensors)
        {
            string[] parts = tensor.Name.Split('.');
            if (parts[0] == "blk" && int.TryParse(parts[1], out int layer) && layer >= layers) yield return $"'{tensor.Name}', where {ConfigFile.Name} says {layers} layers";
        }
    }

    private static IEnumerable<(string Name, long[] Dimensions)> Expected(ConfigFile config, ModelFamily family, int layers)
    {
        long width = config.Int("hidden_size"), ffn = config.Int("intermediate_size"), heads = config.Int("num_attention_heads");
        long head = config.OptionalInt("head_dim") ?? (family is Gemma3Family ? 256 : width / heads);
        long queries = heads * head, keys = (config.OptionalInt("num_key_value_heads") ?? (family is Gemma3Family ? 4 : (int)heads)) * head;
        yield return ("token_embd.weight", [width, config.Int("vocab_size")]);
        bool fused = family is Phi3Family;
        for (int layer = 0; layer < layers; layer++)
        {
            string block = $"blk.{layer}.";
            if (fused) yield return ($"{block}attn_qkv.weight", [width, queries + (2 * keys)]);
            else
            {
                yield return ($"{block}attn_q.weight", [width, queries]);
                yield return ($"{block}attn_k.weight", [width, keys]);
                yield return ($"{block}attn_v.weight", [width, keys]);
            }
            yield return ($"{block}attn_output.weight", [queries, width]);
            yield return ($"{block}ffn_up.weight", [width, fused ? 2 * ffn : ffn]);
            if (!fused && family is not BertFamily) yield return ($"{block}ffn_gate.weight", [width, ffn]);
            yield return ($"{block}ffn_down.weight", [ffn, width]);
        }
    }
}
