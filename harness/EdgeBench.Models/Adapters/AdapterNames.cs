using EdgeBench.Core.Problems;
using EdgeBench.Models.Files;
using EdgeBench.Models.Folders;

namespace EdgeBench.Models.Adapters;

/// <summary>What becomes of an adapter's tensor on the way between Hugging Face's names and GGUF's.</summary>
/// <param name="Heads">Heads by which rows of B, or elements of keys, go from halves to pairs; 0 where they stay.</param>
internal readonly record struct AdapterName(string Name, int Heads);

/// <summary>Names of adapters' tensors in both worlds, by the family of the base model.</summary>
internal sealed class AdapterNames(AdapterKind kind, AdapterBase model, string path)
{
    private const string Layer = "model.layers.{}.";

    private static readonly TensorNames
        s_prefix = new([new($"{Layer}self_attn.prefix_k", "blk.{}.prefix_k", TensorChange.PairKeyRows), new($"{Layer}self_attn.prefix_v", "blk.{}.prefix_v")]),
        s_bottleneck = new([
            new($"{Layer}self_attn.adapter.down", "blk.{}.attn_adapter_down"), new($"{Layer}self_attn.adapter.up", "blk.{}.attn_adapter_up"),
            new($"{Layer}mlp.adapter.down", "blk.{}.ffn_adapter_down"), new($"{Layer}mlp.adapter.up", "blk.{}.ffn_adapter_up")]);

    /// <summary>Throws <see cref="EdgeBenchException"/> (bad input) for a name that the kind, or the model, has not.</summary>
    public AdapterName ToGguf(string name)
    {
        if (kind == AdapterKind.Prompt) return name == Adapter.PromptEmbeddings ? new(PromptHeader.TensorName, 0) : throw Unknown(name);
        if (kind == AdapterKind.Lora)
        {
            (string linear, bool isA) = LoraNames.Parse(name) ?? throw Unknown(name);
            (string matrix, TensorChange change) = model.Linear(linear, path);
            return new(matrix + (isA ? LoraHeader.SuffixA : LoraHeader.SuffixB), isA ? 0 : model.Heads(change));
        }
        return Own(name, (names, own) => names.ToGguf(own));
    }

    /// <summary>Throws likewise.</summary>
    public AdapterName ToHuggingFace(string name)
    {
        if (kind == AdapterKind.Prompt) return new(Adapter.PromptEmbeddings, 0);
        if (kind == AdapterKind.Lora)
        {
            bool isA = name.EndsWith(LoraHeader.SuffixA, StringComparison.Ordinal);
            (string linear, TensorChange change) = model.HuggingFace(name[..^(isA ? LoraHeader.SuffixA : LoraHeader.SuffixB).Length], path);
            return new(linear + (isA ? LoraNames.SuffixA : LoraNames.SuffixB), isA ? 0 : model.Heads(change));
        }
        return Own(name, (names, own) => names.ToHuggingFace(own));
    }

    // Names of a prefix have no suffix, which the table wants.
    private AdapterName Own(string name, Func<TensorNames, string, (string Name, TensorChange Change)?> translate)
    {
        string suffix = kind == AdapterKind.Prefix ? ".weight" : "";
        if (translate(kind == AdapterKind.Prefix ? s_prefix : s_bottleneck, name + suffix) is not (var translated, var change)) throw Unknown(name);
        return new(translated[..^suffix.Length], change == TensorChange.None ? 0 : model.KeyHeads);
    }

    private EdgeBenchException Unknown(string name) =>
        EdgeBenchException.BadInput($"tensor {FileErrors.Quoted(name)}", $"the tensors of an adapter of kind {AdapterHeader.NameOf(kind)}", "Save the adapter again.", path);
}
