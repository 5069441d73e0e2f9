using EdgeBench.Core.IO;
using EdgeBench.Core.Problems;
using EdgeBench.Models.Architectures;
using EdgeBench.Models.Folders;
using EdgeBench.Models.Gguf;
using EdgeBench.Models.Safetensors;
using EdgeBench.Testing;

namespace EdgeBench.Models.Tests.Folders;

/// <summary>Every family: a folder of random weights to GGUF with the expected names, orders and keys, and back to the same weights and bytes.</summary>
public sealed class FamilyTests : IDisposable
{
    private static readonly (string, long[])[] s_twoNorms = [("pre_feedforward_layernorm.weight", [16]), ("post_feedforward_layernorm.weight", [16])];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    public static TheoryData<string, string, int> Families => new()
    {
        { "llama", $$"""{"architectures":["LlamaForCausalLM"],"hidden_act":"silu",{{TinyFolder.Common}}}""", 0 },
        { "llama", $$"""{"architectures":["MistralForCausalLM"],{{TinyFolder.Common}},"rope_scaling":{"rope_type":"linear","factor":2.0} }""", 0 },
        { "llama", $$"""{"architectures":["LlamaForCausalLM"],{{TinyFolder.Common.Replace("10000.0", "500000.0")}},"rope_scaling":{"rope_type":"llama3","factor":32.0,"low_freq_factor":1.0,"high_freq_factor":4.0,"original_max_position_embeddings":8192} }""", 0 },
        { "qwen2", $$"""{"architectures":["Qwen2ForCausalLM"],{{TinyFolder.Common}}}""", 1 },
        { "qwen3", $$"""{"architectures":["Qwen3ForCausalLM"],{{TinyFolder.Common}}}""", 2 },
        { "gemma", $$"""{"architectures":["GemmaForCausalLM"],"hidden_act":"gelu",{{TinyFolder.Common}}}""", 0 },
        { "gemma2", $$"""{"architectures":["Gemma2ForCausalLM"],{{TinyFolder.Common}},"attn_logit_softcapping":50.0,"final_logit_softcapping":30.0,"sliding_window":16,"query_pre_attn_scalar":8}""", 3 },
        { "gemma3", $$"""{"architectures":["Gemma3ForCausalLM"],{{TinyFolder.Common}},"sliding_window":16,"rope_local_base_freq":10000.0}""", 4 },
        { "phi3", $$"""{"architectures":["Phi3ForCausalLM"],{{TinyFolder.Common.Replace("\"head_dim\":8", "\"head_dim\":4")}},"original_max_position_embeddings":32,"rope_scaling":{"type":"longrope","long_factor":[1.5,2.5],"short_factor":[1.0,1.25]} }""", 5 },
        { "bert", """{"architectures":["BertModel"],"vocab_size":40,"hidden_size":16,"intermediate_size":24,"num_hidden_layers":2,"num_attention_heads":4,"max_position_embeddings":64,"layer_norm_eps":1e-12,"type_vocab_size":2}""", 6 },
    };

    [Theory]
    [MemberData(nameof(Families))]
    public void A_folder_becomes_a_described_file_and_comes_back_with_the_same_weights(string architecture, string config, int shapes)
    {
        foreach (SafetensorsDtype dtype in new[] { SafetensorsDtype.F32, SafetensorsDtype.F16, SafetensorsDtype.BF16 })
        {
            string source = _folder.File($"source-{dtype}"), back = _folder.File($"back-{dtype}"), first = _folder.File($"{dtype}.gguf"), second = _folder.File($"{dtype}-2.gguf");
            Dictionary<string, float[]> values = TinyFolder.Write(source, config, ShapesOf(shapes), dtype);
            Import(source, first);
            using GgufFile file = GgufFile.Open(first);
            Assert.Equal(architecture, file.Architecture);
            ModelArchitecture described = GgufArchitecture.Of(file);
            Assert.Equal((2, 16, 4, 24, 40, 64), (described.Layers, described.Width, described.Heads, described.Ffn, described.Vocabulary, described.Context));
            Assert.All(file.Tensors.Where(tensor => tensor.Dimensions.Count == 1), tensor => Assert.Equal(GgmlType.F32, tensor.Type));
            Assert.Equal(dtype switch { SafetensorsDtype.F16 => 1u, SafetensorsDtype.BF16 => 32u, _ => 0u }, file.Metadata["general.file_type"].Raw);

            new FolderExport(file, new ExportOptions()).Write(back, force: false);
            using SafetensorsModel weights = SafetensorsModel.Open(back);
            Assert.Equal(values.Keys.Order(), weights.Tensors.Select(tensor => tensor.Name).Order());
            foreach ((string name, float[] expected) in values) Assert.Equal(expected, Values(weights.Find(name)!));

            using (IFolderContent content = FolderContent.Open(back, new ImportOptions()))
            {
                GgufWriter.Write(second, content.Metadata, content.Tensors);
                Assert.Equal(ContentHash.OfFile(first), content.ExpectedSha256);
            }
            Assert.Equal(File.ReadAllBytes(first), File.ReadAllBytes(second));

            // Without the file that makes the way back exact, config.json and weights alone say the same.
            File.Delete(Path.Combine(back, "metadata.gguf"));
            Import(back, second);
            using GgufFile anew = GgufFile.Open(second);
            Assert.Equal(described, GgufArchitecture.Of(anew));
            foreach (GgufTensor tensor in file.Tensors) Assert.Equal(file.Data(tensor).ToArray(), anew.Data(anew.Find(tensor.Name)!).ToArray());
        }
    }

    [Fact]
    public void Rows_of_q_and_k_of_llama_go_from_halves_to_pairs()
    {
        Dictionary<string, float[]> values = TinyFolder.Write(_folder.File("m"), $$"""{"architectures":["LlamaForCausalLM"],{{TinyFolder.Common}}}""", TinyFolder.Decoder());
        Import(_folder.File("m"), _folder.File("m.gguf"));
        using GgufFile file = GgufFile.Open(_folder.File("m.gguf"));
        foreach ((string gguf, string name, int heads) in new[] { ("blk.1.attn_q.weight", "model.layers.1.self_attn.q_proj.weight", 4), ("blk.1.attn_k.weight", "model.layers.1.self_attn.k_proj.weight", 2) })
        {
            float[] found = new float[values[name].Length];
            file.Dequantise(file.Find(gguf)!, 0, found);
            // Heads of 8 rows of 16: rows 0..3 are the first halves of the pairs, rows 4..7 the second.
            int[] order = [0, 4, 1, 5, 2, 6, 3, 7];
            for (int head = 0; head < heads; head++)
            {
                for (int row = 0; row < 8; row++)
                    Assert.Equal(values[name].AsSpan(((head * 8) + order[row]) * 16, 16).ToArray(), found.AsSpan(((head * 8) + row) * 16, 16).ToArray());
            }
        }
    }

    [Fact]
    public void Gemmas_norms_gain_one_and_nothing_else_changes()
    {
        Dictionary<string, float[]> values = TinyFolder.Write(_folder.File("m"), $$"""{"architectures":["GemmaForCausalLM"],{{TinyFolder.Common}}}""", TinyFolder.Decoder());
        Import(_folder.File("m"), _folder.File("m.gguf"));
        using GgufFile file = GgufFile.Open(_folder.File("m.gguf"));
        float[] norm = new float[16], embedding = new float[640];
        file.Dequantise(file.Find("blk.0.attn_norm.weight")!, 0, norm);
        file.Dequantise(file.Find("token_embd.weight")!, 0, embedding);
        Assert.Equal(values["model.layers.0.input_layernorm.weight"].Select(value => value + 1), norm);
        Assert.Equal(values["model.embed_tokens.weight"], embedding);
    }

    // Values by llama.cpp's formula in double precision, for Llama 3.2 (heads of 64, base 500,000), written out outside of the project.
    [Fact]
    public void Factors_of_Llama_3_are_one_a_smooth_step_and_the_factor()
    {
        string config = $$"""{"architectures":["LlamaForCausalLM"],{{TinyFolder.Common.Replace("\"head_dim\":8", "\"head_dim\":64").Replace("10000.0", "500000.0")}},"rope_scaling":{"rope_type":"llama3","factor":32.0,"low_freq_factor":1.0,"high_freq_factor":4.0,"original_max_position_embeddings":8192} }""";
        Dictionary<string, long[]> shapes = TinyFolder.Decoder();
        foreach (string name in shapes.Keys.Where(name => name.Contains("_proj") && name.Contains("self_attn")).ToList())
            shapes[name] = name.Contains("q_proj") ? [256, 16] : name.Contains("o_proj") ? [16, 256] : [128, 16];
        TinyFolder.Write(_folder.File("m"), config, shapes);
        Import(_folder.File("m"), _folder.File("m.gguf"));
        using GgufFile file = GgufFile.Open(_folder.File("m.gguf"));
        float[] factors = new float[32];
        file.Dequantise(file.Find("rope_freqs.weight")!, 0, factors);
        Assert.All(factors[..15], factor => Assert.Equal(1, factor));
        Assert.Equal([1.6513292f, 3.2922621f, 9.6667290f], factors[15..18], (float expected, float found) => Math.Abs(expected - found) < 1e-4 * expected);
        Assert.All(factors[18..], factor => Assert.Equal(32, factor));
    }

    [Theory]
    [InlineData("\"architectures\":[\"GPT2LMHeadModel\"]", "'GPT2LMHeadModel'", "LlamaForCausalLM")]
    [InlineData("\"architectures\":[]", "architectures", "LlamaForCausalLM")]
    [InlineData("\"architectures\":[\"LlamaForCausalLM\"],\"hidden_act\":\"relu\"", "'relu'", "silu")]
    [InlineData("\"architectures\":[\"LlamaForCausalLM\"],\"rope_scaling\":{\"rope_type\":\"ntk\"}", "'ntk'", "linear")]
    [InlineData("\"architectures\":[\"LlamaForCausalLM\"],\"quantization_config\":{\"quant_method\":\"gptq\"}", "quantization_config", "float weights")]
    [InlineData("\"architectures\":[\"Gemma2ForCausalLM\"],\"query_pre_attn_scalar\":144", "144", "8")]
    public void What_GGUF_cannot_say_is_refused_by_name(string start, params string[] words)
    {
        TinyFolder.Write(_folder.File("m"), $"{{{start},{TinyFolder.Common}}}", TinyFolder.Decoder());
        EdgeBenchException error = Assert.Throws<EdgeBenchException>(() => FolderImport.Open(_folder.File("m"), new ImportOptions(Tokenizer: false)));
        Assert.Equal(ExitCode.BadInput, error.ExitCode);
        Assert.Contains("config.json", error.Message);
        foreach (string word in words) Assert.Contains(word, error.Message);
    }

    [Fact]
    public void Weights_that_do_not_fit_config_json_are_refused()
    {
        string config = $$"""{"architectures":["LlamaForCausalLM"],{{TinyFolder.Common}}}""";
        Dictionary<string, long[]> missing = TinyFolder.Decoder(), wrong = TinyFolder.Decoder(), extra = TinyFolder.Decoder(("mlp.router.weight", [4, 16])), layers = TinyFolder.Decoder();
        missing.Remove("model.layers.1.mlp.up_proj.weight");
        wrong["model.layers.1.mlp.up_proj.weight"] = [25, 16];
        layers["model.layers.2.input_layernorm.weight"] = [16];
        foreach ((Dictionary<string, long[]> shapes, string word) in new[] { (missing, "no tensor for 'blk.1.ffn_up.weight'"), (wrong, "16 × 25"), (extra, "'model.layers.0.mlp.router.weight'"), (layers, "2 layers") })
        {
            TinyFolder.Write(_folder.File("m"), config, shapes);
            Assert.Contains(word, Assert.Throws<EdgeBenchException>(() => FolderImport.Open(_folder.File("m"), new ImportOptions(Tokenizer: false))).Message);
        }
    }

    [Fact]
    public void A_value_that_F16_cannot_hold_is_refused_with_its_tensor()
    {
        TinyFolder.Write(_folder.File("m"), $$"""{"architectures":["LlamaForCausalLM"],{{TinyFolder.Common}}}""", TinyFolder.Decoder());
        byte[] bytes = File.ReadAllBytes(_folder.File("m/model.safetensors"));
        BitConverter.GetBytes(1e6f).CopyTo(bytes, bytes.Length - 4);
        File.WriteAllBytes(_folder.File("m/model.safetensors"), bytes);
        using FolderImport import = FolderImport.Open(_folder.File("m"), new ImportOptions(WeightType.F16, Tokenizer: false));
        EdgeBenchException error = Assert.Throws<EdgeBenchException>(() => GgufWriter.Write(_folder.File("m.gguf"), import.Metadata, import.Tensors));
        Assert.Contains("model.layers.1.mlp.down_proj.weight", error.Message);
        Assert.False(File.Exists(_folder.File("m.gguf")));
    }

    private static Dictionary<string, long[]> ShapesOf(int kind)
    {
        switch (kind)
        {
            case 1: return TinyFolder.Decoder(("self_attn.q_proj.bias", [32]), ("self_attn.k_proj.bias", [16]), ("self_attn.v_proj.bias", [16]));
            case 2: return TinyFolder.Decoder(("self_attn.q_norm.weight", [8]), ("self_attn.k_norm.weight", [8]));
            case 3: return TinyFolder.Decoder(s_twoNorms);
            case 4: return TinyFolder.Decoder([.. s_twoNorms, ("self_attn.q_norm.weight", [8]), ("self_attn.k_norm.weight", [8])]);
            case 5:
                Dictionary<string, long[]> fused = TinyFolder.Decoder(("self_attn.qkv_proj.weight", [32, 16]), ("mlp.gate_up_proj.weight", [48, 16]));
                foreach (string name in fused.Keys.Where(name => new[] { "q_proj", "k_proj", "v_proj", "gate_proj", "up_proj" }.Any(part => name.EndsWith($".{part}.weight", StringComparison.Ordinal))).ToList()) fused.Remove(name);
                foreach (string name in fused.Keys.Where(name => name.Contains("o_proj")).ToList()) fused[name] = [16, 16];
                fused["lm_head.weight"] = [40, 16];
                return fused;
            case 6: return Bert();
            default: return TinyFolder.Decoder();
        }
    }

    private static Dictionary<string, long[]> Bert()
    {
        Dictionary<string, long[]> shapes = new()
        {
            ["embeddings.word_embeddings.weight"] = [40, 16],
            ["embeddings.position_embeddings.weight"] = [64, 16],
            ["embeddings.token_type_embeddings.weight"] = [2, 16],
            ["embeddings.LayerNorm.weight"] = [16],
            ["embeddings.LayerNorm.bias"] = [16],
        };
        foreach (int layer in new[] { 0, 1 })
        {
            foreach ((string name, long rows, long columns) in new[] { ("attention.self.query", 16, 16), ("attention.self.key", 16, 16), ("attention.self.value", 16, 16), ("attention.output.dense", 16, 16), ("intermediate.dense", 24, 16), ("output.dense", 16, 24L) })
            {
                shapes[$"encoder.layer.{layer}.{name}.weight"] = [rows, columns];
                shapes[$"encoder.layer.{layer}.{name}.bias"] = [rows];
            }
            foreach (string name in new[] { "attention.output.LayerNorm", "output.LayerNorm" })
                foreach (string part in new[] { "weight", "bias" }) shapes[$"encoder.layer.{layer}.{name}.{part}"] = [16];
        }
        return shapes;
    }

    private static void Import(string folder, string path)
    {
        using FolderImport import = FolderImport.Open(folder, new ImportOptions(Tokenizer: false));
        GgufWriter.Write(path, import.Metadata, import.Tensors);
    }

    private static float[] Values(StoredTensor stored)
    {
        float[] values = new float[stored.Tensor.Elements];
        stored.File.Decode(stored.Tensor, 0, values);
        return values;
    }
}
