using System.Text.Json.Nodes;
using EdgeBench.Models.Architectures;
using EdgeBench.Models.Gguf;

namespace EdgeBench.Models.Folders.Families;

/// <summary>
/// A family of models in both worlds. Names, keys and changes are those of llama.cpp's <c>convert_hf_to_gguf.py</c> (<c>conversion/*.py</c>).
/// Seam: derive, add to <see cref="ModelFamilies"/>.
/// </summary>
internal abstract class ModelFamily
{
    /// <summary>GGUF's architecture.</summary>
    public abstract string Architecture { get; }

    /// <summary>Classes of <c>architectures</c> in config.json; the first is written on the way back.</summary>
    public abstract IReadOnlyList<string> Classes { get; }

    /// <summary><c>model_type</c> in config.json.</summary>
    public virtual string ModelType => Architecture;

    public abstract IReadOnlyList<TensorName> Names { get; }

    /// <summary>Suffixes of tensors that carry nothing: buffers that the model's code computes.</summary>
    public virtual IReadOnlyList<string> Ignored => [".rotary_emb.inv_freq", ".attention.masked_bias", ".attention.bias"];

    /// <summary>Whether this tensor is left out, with the reason for the user, or an empty text where none needs to know.</summary>
    public virtual string? LeftOut(string name, ConfigFile config) => Ignored.Any(suffix => name.EndsWith(suffix, StringComparison.Ordinal)) ? "" : null;

    /// <summary>A prefix that some classes put before all names, or leave away (<c>BertForMaskedLM</c>'s <c>bert.</c>).</summary>
    public virtual string Canonical(string name) => name;

    /// <summary>Throws <see cref="Core.Problems.EdgeBenchException"/> (bad input) for what GGUF cannot say of this family.</summary>
    public virtual void Check(ConfigFile config)
    {
        if (config.OptionalObject("quantization_config") is not null)
            throw config.Refused("quantization_config", "weights that are quantised already", "the model's float weights");
    }

    /// <summary>Keys below the architecture's name, without it.</summary>
    public abstract IEnumerable<KeyValuePair<string, GgufValue>> Metadata(ConfigFile config);

    /// <summary>Tensors that GGUF has and a folder keeps in config.json: factors of rotary embedding.</summary>
    public virtual IEnumerable<(string Name, float[] Values)> ExtraTensors(ConfigFile config) => [];

    /// <summary>Entries of config.json beside <c>architectures</c>, <c>model_type</c>, <c>torch_dtype</c> and token ids. Null values are left out.</summary>
    public abstract JsonObject Config(ModelArchitecture architecture, GgufFile file);

    /// <summary>Heads by which the rows of a tensor are reordered.</summary>
    public static int HeadsOf(TensorChange change, int heads, int keyHeads) => change == TensorChange.PairKeyRows ? keyHeads : heads;
}
