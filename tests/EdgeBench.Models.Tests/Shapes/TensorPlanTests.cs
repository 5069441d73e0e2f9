using EdgeBench.Core.Configuration;
using EdgeBench.Core.Problems;
using EdgeBench.Models.Gguf;
using EdgeBench.Models.Shapes;
using EdgeBench.Testing;

namespace EdgeBench.Models.Tests.Shapes;

public class TensorPlanTests
{
    // As the models' hub pages and their safetensors headers count them; llama-15m as the published file's tensors add up.
    [Theory]
    [InlineData("llama-15m", 15_191_712)]
    [InlineData("smollm2-135m", 134_515_008)]
    [InlineData("smollm2-360m", 361_821_120)]
    [InlineData("qwen2.5-0.5b", 494_032_768)]
    [InlineData("tinyllama-1.1b", 1_100_048_384)]
    [InlineData("llama-3.2-1b", 1_235_814_400)]
    [InlineData("phi-3-mini", 3_821_079_552)]
    [InlineData("mistral-7b", 7_241_732_096)]
    public void A_preset_has_the_published_number_of_parameters(string preset, long parameters)
    {
        TensorPlan plan = TensorPlan.For(ShapePresets.Find(preset));
        Assert.Equal(parameters, plan.Parameters);
        Assert.Equal(parameters * 4, plan.Bytes(GgmlType.F32));
    }

    [Fact]
    public void Every_preset_is_tested() => Assert.Equal(8, ShapePresets.Names.Count());

    [Theory]
    [InlineData("models/stories15m/stories15M-F16.gguf", "llama-15m")]
    [InlineData("models/smollm2-135m-instruct/SmolLM2-135M-Instruct.Q4_1.gguf", "smollm2-135m")]
    public void A_plan_names_the_tensors_of_the_published_file(string path, string preset)
    {
        using GgufFile file = GgufFile.Open(RepositoryFiles.Shared(path));
        TensorPlan plan = TensorPlan.For(ShapePresets.Find(preset));
        Assert.Equal(Listed(file.Tensors.Select(tensor => (tensor.Name, tensor.Dimensions))), Listed(plan.Tensors.Select(tensor => (tensor.Name, tensor.Dimensions))));
    }

    // 34 or 18 bytes for 32 weights, 4 for each of the 61 × 576 weights of norms.
    [Fact]
    public void Bytes_by_type_follow_the_block_sizes()
    {
        TensorPlan plan = TensorPlan.For(ShapePresets.Find("smollm2-135m"));
        long norms = 61 * 576, matrices = plan.Parameters - norms;
        Assert.Equal((matrices * 2) + (norms * 4), plan.Bytes(GgmlType.F16));
        Assert.Equal((matrices / 32 * 34) + (norms * 4), plan.Bytes(GgmlType.Q8_0));
        Assert.Equal((matrices / 32 * 18) + (norms * 4), plan.Bytes(GgmlType.Q4_0));
        Assert.Equal((matrices / 32 * 18) + (norms * 4) + (49152L * 576 / 32 * 16), plan.Bytes(tensor => tensor.Role == TensorRole.Embedding ? GgmlType.Q8_0 : GgmlType.Q4_0));
    }

    [Fact]
    public void Rows_that_are_no_whole_blocks_are_counted_as_F16()
    {
        TensorPlan plan = TensorPlan.For(new TransformerShape { Layers = 1, Width = 48, Heads = 2, KvHeads = 2, Ffn = 64, Vocabulary = 300, TiedEmbeddings = true });
        long wide = 48 * 300 + (4 * 48 * 48) + (2 * 48 * 64), whole = 64 * 48;
        Assert.Equal((wide * 2) + (whole / 32 * 34) + (3 * 48 * 4), plan.Bytes(GgmlType.Q8_0));
    }

    [Theory]
    [InlineData("token_embd.weight", TensorRole.Embedding)]
    [InlineData("output.weight", TensorRole.Output)]
    [InlineData("output_norm.weight", TensorRole.Norm)]
    [InlineData("blk.11.attn_norm.weight", TensorRole.Norm)]
    [InlineData("blk.0.attn_q_norm.weight", TensorRole.Norm)]
    [InlineData("blk.0.ffn_norm.weight", TensorRole.Norm)]
    [InlineData("blk.0.attn_q.weight", TensorRole.Attention)]
    [InlineData("blk.0.attn_qkv.weight", TensorRole.Attention)]
    [InlineData("blk.0.attn_output.weight", TensorRole.Attention)]
    [InlineData("blk.0.attn_q.bias", TensorRole.Bias)]
    [InlineData("blk.0.ffn_gate.weight", TensorRole.FeedForward)]
    [InlineData("rope_freqs.weight", TensorRole.RopeFactors)]
    [InlineData("blk.0.rope_factors_long.weight", TensorRole.RopeFactors)]
    [InlineData("mm.0.weight", TensorRole.Other)]
    public void A_name_says_its_role(string name, TensorRole role) => Assert.Equal(role, TensorRole.Of(name));

    [Fact]
    public void All_rules_that_a_shape_breaks_are_reported_together()
    {
        EdgeBenchException error = Assert.Throws<EdgeBenchException>(() => TensorPlan.For(new TransformerShape
        {
            Architecture = "lama",
            Layers = 0,
            Width = -1,
            Heads = 4,
            KvHeads = 3,
            Ffn = int.MaxValue,
            Vocabulary = 300,
            RopeBase = double.NaN,
        }));
        Assert.Equal(ExitCode.BadInput, error.ExitCode);
        Assert.Equal(["architecture 'lama'", "layers 0", "width -1", $"ffn {int.MaxValue}", "rope_base NaN"], error.Problems.Select(problem => problem.Offender));
        Assert.Equal("Did you mean 'llama'?", error.Problems[0].Remedy);
    }

    [Theory]
    [InlineData("llama", 100, 3, 3, 0, "a width that divides by the heads")]
    [InlineData("llama", 96, 4, 3, 0, "heads that divide by kv_heads")]
    [InlineData("llama", 9, 3, 3, 0, "RoPE turns pairs")]
    [InlineData("qwen2", 96, 4, 4, 32, "heads × head_dim = width")]
    public void Heads_that_do_not_fit_are_refused(string architecture, int width, int heads, int kvHeads, int headDim, string expected)
    {
        TransformerShape shape = new() { Architecture = architecture, Layers = 1, Width = width, Heads = heads, KvHeads = kvHeads, HeadDim = headDim, Ffn = 64, Vocabulary = 300 };
        Assert.Contains(expected, Assert.Throws<EdgeBenchException>(() => TensorPlan.For(shape)).Message);
    }

    [Fact]
    public void An_unknown_preset_suggests_the_nearest()
    {
        string message = Assert.Throws<EdgeBenchException>(() => ShapePresets.Find("smollm-135m")).Message;
        Assert.Contains("Did you mean 'smollm2-135m'?", message);
    }

    private static string[] Listed(IEnumerable<(string Name, IReadOnlyList<long> Dimensions)> tensors) =>
        [.. tensors.Select(tensor => $"{tensor.Name} {string.Join("x", tensor.Dimensions)}").Order(StringComparer.Ordinal)];
}
