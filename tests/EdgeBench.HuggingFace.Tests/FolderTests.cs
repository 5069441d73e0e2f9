using EdgeBench.Core.Problems;
using EdgeBench.Models.Gguf;
using EdgeBench.Models.Safetensors;
using EdgeBench.Models.Sources;
using EdgeBench.Testing;

namespace EdgeBench.HuggingFace.Tests;

/// <summary>Repositories without a GGUF file: config.json, tokenizer and safetensors are fetched and imported.</summary>
public class FolderTests
{
    private const string Config = """
        {"architectures":["LlamaForCausalLM"],"vocab_size":3,"hidden_size":4,"intermediate_size":4,"num_hidden_layers":1,"num_attention_heads":2,"num_key_value_heads":1,
         "head_dim":2,"max_position_embeddings":8,"rms_norm_eps":1e-5}
        """;

    private const string Tokenizer = """
        {"added_tokens":[],"normalizer":null,"pre_tokenizer":{"type":"ByteLevel","add_prefix_space":false,"use_regex":true},"model":{"type":"BPE","vocab":{"a":0,"b":1,"ab":2},"merges":["a b"]}}
        """;

    [Fact]
    public async Task A_repository_of_safetensors_is_fetched_and_imported_once()
    {
        await using Hub hub = await StartAsync(shards: false);
        Checkpoint checkpoint = await hub.ResolveAsync();
        using (GgufFile file = GgufFile.Open(checkpoint.Path))
        {
            Assert.Equal("llama", file.Architecture);
            Assert.Equal(["a", "b", "ab"], file.Metadata["tokenizer.ggml.tokens"].AsArray()!.AsTexts()!);
            Assert.Equal(11, file.Tensors.Count);
        }
        foreach (string name in new[] { "config.json", "tokenizer.json", "model.safetensors" }) Assert.Contains($"snapshots/{HubServer.Commit}/{name}", hub.Cached());
        Assert.DoesNotContain(hub.Cached(), name => name.EndsWith("pytorch_model.bin", StringComparison.Ordinal));
        int fetched = hub.Storage.Count("GET");
        Assert.Equal(checkpoint, await hub.ResolveAsync());
        Assert.Equal(fetched, hub.Storage.Count("GET"));
        Assert.NotNull(hub.Source().Outline(Hub.Spec(), hub.Context).Shape);

        hub.Variables["HF_HUB_OFFLINE"] = "1";
        int asked = hub.Server.Seen.Count;
        Assert.Equal(checkpoint, await hub.ResolveAsync());
        Assert.Equal(asked, hub.Server.Seen.Count);
    }

    [Fact]
    public async Task Shards_are_fetched_by_their_index()
    {
        await using Hub hub = await StartAsync(shards: true);
        Checkpoint checkpoint = await hub.ResolveAsync();
        using GgufFile file = GgufFile.Open(checkpoint.Path);
        Assert.Equal(11, file.Tensors.Count);
        Assert.True(hub.Cached().Count(name => name.StartsWith("snapshots", StringComparison.Ordinal) && name.EndsWith(".safetensors", StringComparison.Ordinal)) > 1);
    }

    [Fact]
    public async Task A_damaged_file_in_the_cache_is_removed_and_named()
    {
        await using Hub hub = await StartAsync(shards: false);
        await hub.ResolveAsync();
        string blob = Path.Combine(hub.Cache, "blobs", HubServer.Sha256(hub.Server.Files["model.safetensors"].Content));
        byte[] damaged = File.ReadAllBytes(blob);
        damaged[^1] ^= 1;
        File.WriteAllBytes(blob, damaged);
        File.SetLastWriteTimeUtc(blob, new DateTime(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        EdgeBenchException error = await Assert.ThrowsAsync<EdgeBenchException>(() => hub.ResolveAsync());
        Assert.Contains("'model.safetensors'", error.Message);
        Assert.False(File.Exists(blob));
        await hub.ResolveAsync();
    }

    private static async Task<Hub> StartAsync(bool shards)
    {
        Hub hub = await Hub.StartAsync();
        hub.Server.Files.Clear();
        hub.Serve("config.json", System.Text.Encoding.UTF8.GetBytes(Config), large: false);
        hub.Serve("tokenizer.json", System.Text.Encoding.UTF8.GetBytes(Tokenizer), large: false);
        hub.Serve("pytorch_model.bin", Hub.Bytes(100), large: true);
        using TemporaryFolder folder = new();
        (string Name, long[] Shape)[] tensors =
        [
            ("model.embed_tokens.weight", [3, 4]), ("model.norm.weight", [4]), ("model.layers.0.input_layernorm.weight", [4]), ("model.layers.0.post_attention_layernorm.weight", [4]),
            ("model.layers.0.self_attn.q_proj.weight", [4, 4]), ("model.layers.0.self_attn.k_proj.weight", [2, 4]), ("model.layers.0.self_attn.v_proj.weight", [2, 4]), ("model.layers.0.self_attn.o_proj.weight", [4, 4]),
            ("model.layers.0.mlp.gate_proj.weight", [4, 4]), ("model.layers.0.mlp.up_proj.weight", [4, 4]), ("model.layers.0.mlp.down_proj.weight", [4, 4]),
        ];
        SafetensorsWriter.WriteFolder(folder.Path, [.. tensors.Select(tensor => new SafetensorsSource(tensor.Name, SafetensorsDtype.F32, tensor.Shape, stream => stream.Write(new byte[tensor.Shape.Aggregate(4L, (a, b) => a * b)])))],
            new Dictionary<string, string> { ["format"] = "pt" }, shards ? 200 : long.MaxValue);
        foreach (string path in Directory.EnumerateFiles(folder.Path)) hub.Serve(Path.GetFileName(path), File.ReadAllBytes(path), large: path.EndsWith(".safetensors", StringComparison.Ordinal));
        return hub;
    }
}
