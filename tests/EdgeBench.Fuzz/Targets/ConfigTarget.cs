using System.Text;
using System.Text.Json;
using EdgeBench.Models.Files;
using EdgeBench.Models.Folders;
using EdgeBench.Models.Folders.Families;

namespace EdgeBench.Fuzz.Targets;

/// <summary>config.json: the family, its metadata, the tensors made of it, and the comparison with a folder's tensors.</summary>
internal sealed class ConfigTarget : IFuzzTarget
{
    private const string Common = "\"vocab_size\":64,\"hidden_size\":32,\"intermediate_size\":48,\"num_hidden_layers\":2,\"num_attention_heads\":4,\"num_key_value_heads\":2,\"head_dim\":8,\"max_position_embeddings\":128,\"rms_norm_eps\":1e-5,\"rope_theta\":10000.0";

    public string Name => "config.json";

    public IReadOnlyList<byte[]> Seeds { get; } =
    [
        Text($$"""{"architectures":["LlamaForCausalLM"],{{Common}},"hidden_act":"silu","rope_scaling":{"rope_type":"llama3","factor":32.0,"low_freq_factor":1.0,"high_freq_factor":4.0,"original_max_position_embeddings":8192 },"bos_token_id":[1,2]}"""),
        Text($$"""{"architectures":["Qwen3ForCausalLM"],{{Common}},"rope_parameters":{"rope_type":"yarn","factor":4.0,"original_max_position_embeddings":32 } }"""),
        Text($$"""{"architectures":["Gemma2ForCausalLM"],{{Common}},"query_pre_attn_scalar":8,"attn_logit_softcapping":50.0,"final_logit_softcapping":30.0,"sliding_window":16}"""),
        Text($$"""{"architectures":["Gemma3ForCausalLM"],{{Common}},"query_pre_attn_scalar":8,"sliding_window":16,"rope_local_base_freq":10000.0}"""),
        Text($$"""{"architectures":["Phi3ForCausalLM"],{{Common}},"original_max_position_embeddings":64,"rope_scaling":{"type":"longrope","long_factor":[1,2,3,4],"short_factor":[1,1,1,1] } }"""),
        Text("""{"architectures":["BertModel"],"vocab_size":64,"hidden_size":32,"intermediate_size":48,"num_hidden_layers":2,"num_attention_heads":4,"max_position_embeddings":128,"layer_norm_eps":1e-12,"hidden_act":"gelu"}"""),
    ];

    public byte[]? Restructure(byte[] input, Random random) => JsonMutator.Mutate(input, random);

    public void Execute(byte[] input)
    {
        using JsonDocument document = BoundedJson.Parse(input, "config.json");
        ConfigFile config = ConfigFile.Of(document, "config.json");
        ModelFamily family = ModelFamilies.OfConfig(config);
        family.Check(config);
        _ = family.Metadata(config).Count();
        _ = family.ExtraTensors(config).Sum(extra => extra.Values.Length);
        _ = ShapeCheck.Missing(config, family, []).FirstOrDefault();
    }

    private static byte[] Text(string json) => Encoding.UTF8.GetBytes(json);
}
