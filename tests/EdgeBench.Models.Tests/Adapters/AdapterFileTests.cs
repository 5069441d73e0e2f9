using EdgeBench.Core.Configuration;
using EdgeBench.Core.Problems;
using EdgeBench.Models.Adapters;
using EdgeBench.Models.Gguf;
using EdgeBench.Models.Safetensors;
using EdgeBench.Models.Sources.Synthetic;
using EdgeBench.Testing;

namespace EdgeBench.Models.Tests.Adapters;

/// <summary>Adapters of every kind to files and back: the same values, the same bytes, rows in the order that the files promise.</summary>
public sealed class AdapterFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    public static TheoryData<AdapterKind, string> Kinds => [.. Enum.GetValues<AdapterKind>().SelectMany(kind => new[] { "llama", "qwen2" }.Select(name => (kind, name)))];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_gguf_file_comes_back_with_the_same_values_and_bytes(AdapterKind kind, string architecture)
    {
        AdapterBase model = Base(architecture);
        foreach (GgmlType type in new[] { GgmlType.F32, GgmlType.F16, GgmlType.BF16 })
        {
            Adapter made = Typed(SampleAdapters.Of(kind, model), type);
            GgufAdapter.Write(_folder.File("a.gguf"), made, model);
            Adapter back = GgufAdapter.Read(_folder.File("a.gguf"), model);
            Same(made, back);
            GgufAdapter.Write(_folder.File("b.gguf"), back, model);
            Assert.Equal(File.ReadAllBytes(_folder.File("a.gguf")), File.ReadAllBytes(_folder.File("b.gguf")));
        }
    }

    [Theory]
    [InlineData(AdapterKind.Lora)]
    [InlineData(AdapterKind.Prompt)]
    [InlineData(AdapterKind.Prefix)]
    public void A_peft_folder_comes_back_with_the_same_values_and_bytes(AdapterKind kind)
    {
        AdapterBase model = Base("llama");
        foreach (GgmlType type in new[] { GgmlType.F32, GgmlType.F16, GgmlType.BF16 })
        {
            Adapter made = Typed(SampleAdapters.Of(kind, model), type);
            string first = _folder.File($"first-{type}"), second = _folder.File($"second-{type}");
            PeftFolder.Write(first, made, model);
            Adapter back = PeftFolder.Read(first, model);
            Same(made, back);
            PeftFolder.Write(second, back, model);
            foreach (string name in new[] { "adapter_config.json", "adapter_model.safetensors" }) Assert.Equal(File.ReadAllBytes(Path.Combine(first, name)), File.ReadAllBytes(Path.Combine(second, name)));
            Assert.Contains("--force", Assert.Throws<EdgeBenchException>(() => PeftFolder.Write(first, made, model)).Message);
            PeftFolder.Write(first, made, model, force: true);
        }
    }

    // PEFT's get_prompt: view(tokens, layers * 2, heads, head_dim), of which part 2i is the key of layer i and 2i + 1 its value.
    [Fact]
    public void A_prefix_stands_in_pefts_matrix_token_by_token_and_keys_before_values()
    {
        AdapterBase model = Base("llama");
        Adapter made = SampleAdapters.Of(AdapterKind.Prefix, model);
        PeftFolder.Write(_folder.File("peft"), made, model);
        using SafetensorsFile file = SafetensorsFile.Open(_folder.File("peft/adapter_model.safetensors"));
        SafetensorsTensor matrix = Assert.Single(file.Tensors);
        Assert.Equal(("prompt_embeddings", "[3, 128]"), (matrix.Name, matrix.ShapeText));
        float[] values = new float[matrix.Elements];
        file.Decode(matrix, 0, values);
        foreach ((int token, int layer, int element) in new[] { (0, 0, 0), (1, 0, 31), (2, 1, 7) })
        {
            Assert.Equal(made.Find($"model.layers.{layer}.self_attn.prefix_k")!.Values[(token * 32) + element], values[(token * 128) + (layer * 64) + element]);
            Assert.Equal(made.Find($"model.layers.{layer}.self_attn.prefix_v")!.Values[(token * 32) + element], values[(token * 128) + (layer * 64) + 32 + element]);
        }
    }

    // convert_hf_to_gguf's permute: of a head of 32 rows (first half, second half), row 2j is the folder's j and 2j + 1 is 16 + j.
    [Fact]
    public void Rows_that_are_turned_stand_as_the_bases_rows_do()
    {
        AdapterBase llama = Base("llama"), qwen = Base("qwen2");
        Adapter made = SampleAdapters.Of(AdapterKind.Lora, llama), prefix = SampleAdapters.Of(AdapterKind.Prefix, llama);
        GgufAdapter.Write(_folder.File("llama.gguf"), made, llama);
        GgufAdapter.Write(_folder.File("qwen.gguf"), made, qwen);
        GgufAdapter.Write(_folder.File("prefix.gguf"), prefix, llama);
        float[] b = made.Find("model.layers.1.self_attn.q_proj.lora_B.weight")!.Values, key = prefix.Find("model.layers.0.self_attn.prefix_k")!.Values;
        float[] turned = Values("llama.gguf", "blk.1.attn_q.weight.lora_b"), kept = Values("qwen.gguf", "blk.1.attn_q.weight.lora_b"), turnedKey = Values("prefix.gguf", "blk.0.prefix_k");
        Assert.Equal(b, kept);
        foreach (int row in new[] { 0, 1, 2, 31, 33 })
        {
            int inHead = row % 32, source = row - inHead + (inHead / 2) + (inHead % 2 * 16);
            Assert.Equal(b[(source * 3)..((source * 3) + 3)], turned[(row * 3)..((row * 3) + 3)]);
            if (row < 32) Assert.Equal(key[32 + source], turnedKey[32 + row]);
        }
        Assert.Equal(made.Find("model.layers.1.self_attn.q_proj.lora_A.weight")!.Values, Values("llama.gguf", "blk.1.attn_q.weight.lora_a"));
        Assert.Equal(prefix.Find("model.layers.0.self_attn.prefix_v")!.Values, Values("prefix.gguf", "blk.0.prefix_v"));
    }

    [Fact]
    public void What_llama_cpp_reads_of_a_lora_file_is_there_and_scales_are_applied()
    {
        AdapterBase model = Base("llama");
        Adapter made = SampleAdapters.Of(AdapterKind.Lora, model) with { IsRankStabilised = true };
        GgufAdapter.Write(_folder.File("a.gguf"), made, model);
        using GgufFile file = GgufFile.Open(_folder.File("a.gguf"));
        Assert.Equal(("llama", "adapter", "lora"), (Text("general.architecture"), Text("general.type"), Text("adapter.type")));
        Assert.Equal((float)(4 * Math.Sqrt(3)), file.Metadata["adapter.lora.alpha"].Raw);
        Assert.Equal([64, 3], file.Find("blk.0.attn_q.weight.lora_a")!.Dimensions);
        Assert.Equal([3, 64], file.Find("blk.0.attn_q.weight.lora_b")!.Dimensions);
        Assert.Equal(made.Scale, GgufAdapter.Read(_folder.File("a.gguf"), model).Scale, 1e-6);

        string? Text(string key) => file.Metadata[key].AsText();
    }

    private static Adapter Typed(Adapter adapter, GgmlType type) => adapter with
    {
        // Values that every type holds exactly.
        Tensors = [.. adapter.Tensors.Select(tensor => tensor with { Type = type, Values = type == GgmlType.F32 ? tensor.Values : [.. tensor.Values.Select(value => MathF.Round(value * 64) / 64)] })],
    };

    private static void Same(Adapter expected, Adapter actual)
    {
        Assert.Equal((expected.Kind, expected.BaseModel, expected.Rank, expected.Alpha), (actual.Kind, actual.BaseModel, actual.Rank, actual.Alpha));
        Assert.Equal(expected.Targets, actual.Targets);
        Assert.Equal(expected.Tensors.Select(tensor => tensor.Name), actual.Tensors.Select(tensor => tensor.Name));
        foreach ((AdapterTensor one, AdapterTensor other) in expected.Tensors.Zip(actual.Tensors))
        {
            Assert.Equal((one.ShapeText, one.Type), (other.ShapeText, other.Type));
            Assert.Equal(one.Values, other.Values);
        }
    }

    private float[] Values(string name, string tensor)
    {
        using GgufFile file = GgufFile.Open(_folder.File(name));
        float[] values = new float[file.Find(tensor)!.Elements];
        file.Dequantise(file.Find(tensor)!, 0, values);
        return values;
    }

    private AdapterBase Base(string architecture)
    {
        string path = _folder.File($"{architecture}-base.gguf");
        if (!File.Exists(path)) new RandomCheckpoint(new TransformerShape { Architecture = architecture, Layers = 2, Width = 64, Heads = 2, KvHeads = 1, Ffn = 96, Vocabulary = 288 }, 1).Write(path, 1);
        return AdapterBase.Open(path);
    }
}
