using System.Text.Json;
using EdgeBench.Core.Problems;
using EdgeBench.Models.Folders;
using EdgeBench.Models.Gguf;
using EdgeBench.Testing;

namespace EdgeBench.Models.Tests.Folders;

/// <summary>Biases on linear layers, which BitFit trains: config.json switches them on, since a class would leave them aside without a word.</summary>
public sealed class BiasTests : IDisposable
{
    private static readonly (string, long[])[]
        s_qkv = [("self_attn.q_proj.bias", [32]), ("self_attn.k_proj.bias", [16]), ("self_attn.v_proj.bias", [16])],
        s_output = [("self_attn.o_proj.bias", [16])],
        s_feedForward = [("mlp.gate_proj.bias", [24]), ("mlp.up_proj.bias", [24]), ("mlp.down_proj.bias", [16])];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void All_seven_of_llama_come_back_and_are_switched_on()
    {
        string gguf = Imported("LlamaForCausalLM", [.. s_qkv, .. s_output, .. s_feedForward]);
        using GgufFile file = GgufFile.Open(gguf);
        Assert.Equal(14, file.Tensors.Count(tensor => tensor.Name.EndsWith(".bias", StringComparison.Ordinal)));
        JsonElement config = Exported(file);
        Assert.Equal((true, true), (config.GetProperty("attention_bias").GetBoolean(), config.GetProperty("mlp_bias").GetBoolean()));
        using IFolderContent content = FolderContent.Open(_folder.File("out"), new ImportOptions());
        GgufWriter.Write(_folder.File("back.gguf"), content.Metadata, content.Tensors);
        Assert.Equal(File.ReadAllBytes(gguf), File.ReadAllBytes(_folder.File("back.gguf")));
    }

    // Elements of q's and k's biases stand as their weights' rows: of a head of 8 (first half, second half), element 2j is j and 2j + 1 is 4 + j.
    [Fact]
    public void Biases_of_q_and_k_are_reordered_as_their_rows()
    {
        Dictionary<string, float[]> values = TinyFolder.Write(_folder.File("order"), Config("LlamaForCausalLM"), TinyFolder.Decoder([.. s_qkv, .. s_output]));
        using FolderImport import = FolderImport.Open(_folder.File("order"), new ImportOptions(Tokenizer: false));
        GgufWriter.Write(_folder.File("order.gguf"), import.Metadata, import.Tensors);
        using GgufFile file = GgufFile.Open(_folder.File("order.gguf"));
        foreach ((string name, string gguf, int length) in new[] { ("q", "blk.1.attn_q.bias", 32), ("k", "blk.1.attn_k.bias", 16) })
        {
            float[] bias = new float[length], source = values[$"model.layers.1.self_attn.{name}_proj.bias"];
            file.Dequantise(file.Find(gguf)!, 0, bias);
            Assert.Equal(Enumerable.Range(0, length).Select(i => source[i - (i % 8) + (i % 8 / 2) + (i % 2 * 4)]), bias);
        }
    }

    [Fact]
    public void Switches_are_those_of_the_class()
    {
        using (GgufFile file = GgufFile.Open(Imported("LlamaForCausalLM", [.. s_qkv, .. s_output])))
        {
            JsonElement config = Exported(file);
            Assert.True(config.GetProperty("attention_bias").GetBoolean());
            Assert.False(config.TryGetProperty("mlp_bias", out _));
        }
        using (GgufFile file = GgufFile.Open(Imported("Qwen2ForCausalLM", s_qkv))) Assert.False(Exported(file).TryGetProperty("attention_bias", out _));
    }

    [Fact]
    public void What_a_class_would_leave_aside_is_refused()
    {
        Refused("no tensor 'blk.0.attn_output.bias'; expected biases on all of attn_q, attn_k, attn_v, attn_output", "LlamaForCausalLM", s_qkv);
        Refused("no tensor 'blk.0.ffn_gate.bias'", "LlamaForCausalLM", s_feedForward[1..]);
        Refused("tensor 'blk.0.attn_output.bias'; expected a linear layer without bias, as Qwen2ForCausalLM has it", "Qwen2ForCausalLM", [.. s_qkv, .. s_output]);
        Refused("tensor 'blk.0.ffn_gate.bias'", "Qwen3ForCausalLM", s_feedForward);
    }

    private void Refused(string part, string name, (string, long[])[] biases)
    {
        using GgufFile file = GgufFile.Open(Imported(name, biases));
        Assert.Contains(part, Assert.Throws<EdgeBenchException>(() => new FolderExport(file, new ExportOptions())).Message);
    }

    private string Imported(string name, (string, long[])[] biases)
    {
        (string, long[])[] norms = name.StartsWith("Qwen3", StringComparison.Ordinal) ? [("self_attn.q_norm.weight", [8]), ("self_attn.k_norm.weight", [8])] : [];
        TinyFolder.Write(_folder.File("in"), Config(name), TinyFolder.Decoder([.. norms, .. biases]));
        using FolderImport import = FolderImport.Open(_folder.File("in"), new ImportOptions(Tokenizer: false));
        GgufWriter.Write(_folder.File("in.gguf"), import.Metadata, import.Tensors);
        return _folder.File("in.gguf");
    }

    private JsonElement Exported(GgufFile file)
    {
        new FolderExport(file, new ExportOptions()).Write(_folder.File("out"), force: true);
        return JsonDocument.Parse(File.ReadAllText(_folder.File("out/config.json"))).RootElement;
    }

    private static string Config(string name) => $$"""{"architectures":["{{name}}"],{{TinyFolder.Common}}}""";
}
