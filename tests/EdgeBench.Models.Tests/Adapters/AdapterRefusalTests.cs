using System.Text.Json.Nodes;
using EdgeBench.Core.Configuration;
using EdgeBench.Core.Problems;
using EdgeBench.Models.Adapters;
using EdgeBench.Models.Gguf;
using EdgeBench.Models.Sources.Synthetic;
using EdgeBench.Testing;

namespace EdgeBench.Models.Tests.Adapters;

/// <summary>What is no adapter, or another model's: refused with the offender, and nothing is written.</summary>
public sealed class AdapterRefusalTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly AdapterBase _model;

    public AdapterRefusalTests()
    {
        new RandomCheckpoint(new TransformerShape { Architecture = "llama", Layers = 2, Width = 64, Heads = 2, KvHeads = 1, Ffn = 96, Vocabulary = 288 }, 1).Write(_folder.File("base.gguf"), 1);
        _model = AdapterBase.Open(_folder.File("base.gguf"));
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("q_prj", "Did you mean 'model.layers.0.self_attn.q_proj'?")]
    [InlineData("lm_head", "linear layers that 'base.gguf' has")]
    public void A_linear_layer_that_the_model_has_not_is_named(string last, string part)
    {
        Adapter adapter = SampleAdapters.Of(AdapterKind.Lora, _model);
        Refused(part, adapter with { Targets = [], Tensors = [.. adapter.Tensors.Take(2).Select(tensor => tensor with { Name = tensor.Name.Replace("q_proj", last) })] });
    }

    [Fact]
    public void Pairs_that_are_none_are_named()
    {
        Adapter adapter = SampleAdapters.Of(AdapterKind.Lora, _model);
        Refused("'model.layers.0.self_attn.q_proj.lora_A.weight' without its lora_B.weight", adapter with { Tensors = [adapter.Tensors[0]] });
        Refused("has the shape [3, 64]; expected [4, inputs], by the rank", adapter with { Rank = 4 });
        Refused("rank 0", adapter with { Rank = 0 });
        Refused("target 'q_prj' has no tensors", adapter with { Targets = ["q_prj"] });
        Refused("Did you mean 'q_proj'?", adapter with { Targets = ["q_prj"] });
        Refused("occurs twice", adapter with { Tensors = [.. adapter.Tensors, adapter.Tensors[0]] });
        Refused("has 1 values", adapter with { Tensors = [.. adapter.Tensors.Skip(1), adapter.Tensors[0] with { Values = [1] }] });
        Refused("is adapted from 32 to 64 elements; expected 64 to 64", adapter with { Tensors = [new(adapter.Tensors[0].Name, [3, 32], new float[96]), adapter.Tensors[1], .. adapter.Tensors.Skip(2)] });
        Refused("tensor 'model.norm.weight'", adapter with { Tensors = [.. adapter.Tensors, new("model.norm.weight", [64], new float[64])] });
    }

    [Fact]
    public void Adapters_of_other_dimensions_are_named()
    {
        Refused("'prompt_embd.weight' has rows of 32; expected 64", new() { Kind = AdapterKind.Prompt, Tensors = [new(Adapter.PromptEmbeddings, [2, 32], new float[64])] });
        Adapter prefix = SampleAdapters.Of(AdapterKind.Prefix, _model), bottleneck = SampleAdapters.Of(AdapterKind.Bottleneck, _model);
        Refused("a prefix of 1 layers; expected 2", prefix with { Tensors = [.. prefix.Tensors.Take(2)] });
        Refused("'blk.1.prefix_v' has 2 rows", prefix with { Tensors = [.. prefix.Tensors.Take(3), new(prefix.Tensors[3].Name, [2, 32], new float[64])] });
        Refused("without its down.bias", bottleneck with { Tensors = [.. bottleneck.Tensors.Where((_, i) => i != 1)] });
        Refused("'blk.0.attn_adapter_up.weight' has 64 rows of 4; expected 64 rows of 3", bottleneck with { Tensors = [.. bottleneck.Tensors.Select((tensor, i) => i == 2 ? new(tensor.Name, [64, 4], new float[256]) : tensor)] });
        Refused("tensor 'model.layers.0.mlp.adapter.side.weight'", bottleneck with { Tensors = [new("model.layers.0.mlp.adapter.side.weight", [1], [0])] });
    }

    [Fact]
    public void Gguf_files_of_unknown_kinds_and_versions_are_refused()
    {
        GgufAdapter.Write(_folder.File("a.gguf"), SampleAdapters.Of(AdapterKind.Prompt, _model), _model);
        Read("'edgebench.adapter.version' is 2; expected 1", metadata => metadata["edgebench.adapter.version"] = GgufValue.From(2u));
        Read("Did you mean 'prompt'?", metadata => metadata["adapter.type"] = GgufValue.From("promt"));
        Read("the file is no adapter", metadata => metadata["general.type"] = GgufValue.From("model"));
        Read("an adapter of 'qwen2'; expected one of 'llama'", metadata => metadata["general.architecture"] = GgufValue.From("qwen2"));

        void Read(string part, Action<Dictionary<string, GgufValue>> change)
        {
            using (GgufFile file = GgufFile.Open(_folder.File("a.gguf")))
            {
                Dictionary<string, GgufValue> metadata = new(file.Metadata);
                change(metadata);
                GgufWriter.Write(_folder.File("b.gguf"), metadata, [.. file.Tensors.Select(tensor => new GgufTensorSource(tensor.Name, tensor.Type, tensor.Dimensions, stream => stream.Write(file.Data(tensor))))]);
            }
            Assert.Contains(part, Assert.Throws<EdgeBenchException>(() => GgufAdapter.Read(_folder.File("b.gguf"), _model)).Message);
        }
    }

    [Theory]
    [InlineData("peft_type", "\"LOHA\"", "an adapter of type 'LOHA'")]
    [InlineData("peft_type", "\"LORRA\"", "Did you mean 'LORA'?")]
    [InlineData("peft_type", null, "missing")]
    [InlineData("task_type", "\"SEQ_CLS\"", "'SEQ_CLS'; expected CAUSAL_LM")]
    [InlineData("use_dora", "true", "Merge the adapter with PEFT")]
    [InlineData("rank_pattern", "{\"q_proj\":4}", "rank_pattern")]
    [InlineData("modules_to_save", "[\"lm_head\"]", "modules_to_save")]
    [InlineData("bias", "\"all\"", "trained biases are not converted")]
    [InlineData("init_lora_weights", "\"pissa_niter_4\"", "path_initial_model_for_weight_conversion")]
    [InlineData("r", "0", "a whole number from 1")]
    [InlineData("r", "4", "expected [4, inputs], by the rank")]
    [InlineData("lora_alpha", "\"16\"", "a positive number")]
    [InlineData("target_modules", "[\"q_proj\",\"k_proj\",\"dwn_proj\"]", "Did you mean 'down_proj'?")]
    [InlineData("target_modules", "[1]", "a list of names")]
    public void A_peft_folder_that_says_what_is_not_converted_is_refused(string key, string? value, string part)
    {
        PeftFolder.Write(_folder.File("peft"), SampleAdapters.Of(AdapterKind.Lora, _model));
        string config = _folder.File("peft/adapter_config.json");
        JsonObject said = JsonNode.Parse(File.ReadAllText(config))!.AsObject();
        if (value is null) said.Remove(key);
        else said[key] = JsonNode.Parse(value);
        File.WriteAllText(config, said.ToJsonString());
        EdgeBenchException error = Assert.Throws<EdgeBenchException>(() => PeftFolder.Read(_folder.File("peft")));
        Assert.Contains(part, error.Message);
        Assert.Equal(ExitCode.BadInput, error.ExitCode);
    }

    [Fact]
    public void A_peft_folder_without_its_files_or_for_a_kind_that_peft_has_not_is_refused()
    {
        PeftFolder.Write(_folder.File("peft"), SampleAdapters.Of(AdapterKind.Prefix, _model), _model);
        Assert.Contains("--base", Assert.Throws<EdgeBenchException>(() => PeftFolder.Read(_folder.File("peft"))).Message);
        File.WriteAllText(_folder.File("peft/adapter_config.json"), File.ReadAllText(_folder.File("peft/adapter_config.json")).Replace("\"num_virtual_tokens\": 3", "\"num_virtual_tokens\": 4"));
        Assert.Contains("4; expected 3, as the weights have", Assert.Throws<EdgeBenchException>(() => PeftFolder.Read(_folder.File("peft"), _model)).Message);
        File.Delete(_folder.File("peft/adapter_model.safetensors"));
        Assert.Contains("no adapter_model.safetensors", Assert.Throws<EdgeBenchException>(() => PeftFolder.Read(_folder.File("peft"), _model)).Message);
        Assert.Contains("no adapter_config.json", Assert.Throws<EdgeBenchException>(() => PeftFolder.Read(_folder.Path)).Message);
        Assert.Contains("PEFT has no such adapters", Assert.Throws<EdgeBenchException>(() => PeftFolder.Write(_folder.File("new"), SampleAdapters.Of(AdapterKind.Bottleneck, _model))).Message);
        Assert.False(Directory.Exists(_folder.File("new")));
    }

    private void Refused(string part, Adapter adapter)
    {
        EdgeBenchException error = Assert.Throws<EdgeBenchException>(() => GgufAdapter.Write(_folder.File("new.gguf"), adapter, _model));
        Assert.Contains(part, error.Message);
        Assert.Equal(ExitCode.BadInput, error.ExitCode);
        Assert.False(File.Exists(_folder.File("new.gguf")));
    }
}
