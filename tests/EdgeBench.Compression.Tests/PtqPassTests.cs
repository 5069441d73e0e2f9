using EdgeBench.Compression.Passes;
using EdgeBench.Core.Artifacts;
using EdgeBench.Core.Problems;
using EdgeBench.Models.Gguf;
using EdgeBench.Testing;

namespace EdgeBench.Compression.Tests;

public class PtqPassTests
{
    [Theory]
    [InlineData("""{"weights":"q8_0"}""", GgmlType.Q8_0, GgmlType.Q8_0)]
    [InlineData("""{"weights":"q4_0"}""", GgmlType.Q4_0, GgmlType.Q8_0)]
    [InlineData("""{"weights":"q4_0","embeddings":"q4_0"}""", GgmlType.Q4_0, GgmlType.Q4_0)]
    [InlineData("""{"weights":"q8_0","embeddings":"f16"}""", GgmlType.Q8_0, GgmlType.F16)]
    public void Matrices_and_embeddings_take_their_types(string parameters, GgmlType inner, GgmlType embedding)
    {
        using TemporaryFolder folder = new();
        string input = TinyModel.Write(folder.File("in.gguf"), ffn: 96);
        using GgufFile before = GgufFile.Open(input);
        using GgufFile output = TinyModel.Apply("ptq", parameters, input, folder.File("out.gguf"));
        Assert.All(output.Tensors, t => Assert.Equal(
            t.Dimensions.Count == 1 ? GgmlType.F32 : t.Name is "token_embd.weight" or "output.weight" ? embedding : inner, t.Type));
        Assert.Equal(Applied.Fully, PassRegistry.Find("ptq").ReadBack(before, output, TinyModel.Json(parameters)).Applied);
    }

    [Fact]
    public void Rows_that_32_does_not_divide_become_f16_and_come_out()
    {
        using TemporaryFolder folder = new();
        string input = TinyModel.Write(folder.File("in.gguf"));
        using GgufFile before = GgufFile.Open(input);
        using GgufFile output = TinyModel.Apply("ptq", """{"weights":"q4_0"}""", input, folder.File("out.gguf"));
        Assert.Equal(GgmlType.F16, output.Find("blk.0.ffn_down.weight")!.Type);
        Assert.Equal(GgmlType.Q4_0, output.Find("blk.0.ffn_up.weight")!.Type);

        PassReadback readback = PassRegistry.Find("ptq").ReadBack(before, output, TinyModel.Json("""{"weights":"q4_0"}"""));
        Assert.Equal(Applied.Partly, readback.Applied);
        Assert.Equal("weights q4_0 by rtn, embeddings q8_0", readback.Asked);
        Assert.Equal(
            "q4_0 in 4 of 6 matrices (8.1 kB of 20.4 kB); q8_0 in 2 of 2 embedding matrices (13.6 kB of 13.6 kB); "
            + "f16 in 2: blk.0.ffn_down.weight, blk.1.ffn_down.weight (48 columns do not divide by 32)", readback.Found);
    }

    [Fact]
    public void Reading_back_looks_at_the_file_and_not_at_the_intention()
    {
        using TemporaryFolder folder = new();
        using GgufFile input = GgufFile.Open(TinyModel.Write(folder.File("in.gguf"), ffn: 96));
        using GgufFile half = TinyModel.Apply("convert", "{}", input.Path, folder.File("half.gguf"));
        using GgufFile eight = TinyModel.Apply("ptq", """{"weights":"q8_0"}""", input.Path, folder.File("eight.gguf"));
        IPass pass = PassRegistry.Find("ptq");

        Assert.Equal(Applied.NotApplied, pass.ReadBack(input, half, TinyModel.Json("""{"weights":"q4_0"}""")).Applied);
        PassReadback wrong = pass.ReadBack(input, eight, TinyModel.Json("""{"weights":"q4_0"}"""));
        Assert.Equal(Applied.NotApplied, wrong.Applied);
        Assert.Contains("q4_0 in 0 of 6 matrices", wrong.Found, StringComparison.Ordinal);
        Assert.Contains("q8_0 in 6: blk.0.attn_q.weight … blk.1.ffn_down.weight", wrong.Found, StringComparison.Ordinal);
        Assert.Equal(Applied.Partly, pass.ReadBack(input, eight, TinyModel.Json("""{"weights":"q8_0","embeddings":"f16"}""")).Applied);
    }

    [Fact]
    public void A_tensor_that_is_gone_is_missing_and_not_applied()
    {
        using TemporaryFolder folder = new();
        using GgufFile input = GgufFile.Open(TinyModel.Write(folder.File("in.gguf"), GgmlType.Q8_0, ffn: 96));
        string path = folder.File("out.gguf");
        GgufWriter.Write(path, input.Metadata, [.. input.Tensors.Where(t => !t.Name.Contains("attn_q", StringComparison.Ordinal)).Select(t =>
            new GgufTensorSource(t.Name, t.Type, t.Dimensions, output => output.Write(input.Data(t))))]);
        using GgufFile output = GgufFile.Open(path);
        PassReadback readback = PassRegistry.Find("ptq").ReadBack(input, output, TinyModel.Json("{}"));
        Assert.Equal(Applied.Partly, readback.Applied);
        Assert.Contains("missing in 2: blk.0.attn_q.weight, blk.1.attn_q.weight", readback.Found, StringComparison.Ordinal);
    }

    [Fact]
    public void Input_of_the_same_type_is_copied_byte_for_byte()
    {
        using TemporaryFolder folder = new();
        using GgufFile input = GgufFile.Open(TinyModel.Write(folder.File("in.gguf"), GgmlType.Q8_0, ffn: 96));
        using GgufFile output = TinyModel.Apply("ptq", "{}", input.Path, folder.File("out.gguf"));
        Assert.All(input.Tensors, t => Assert.Equal(input.Data(t), output.Data(output.Find(t.Name)!)));
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(1e7f)]
    public void A_block_that_the_format_cannot_hold_is_refused_by_its_tensor(float value)
    {
        using TemporaryFolder folder = new();
        string input = TinyModel.Write(folder.File("in.gguf"), ffn: 96, change: (name, values) =>
        {
            if (name == "blk.0.ffn_up.weight") values[77] = value;
        });
        EdgeBenchException problem = Assert.Throws<EdgeBenchException>(() => TinyModel.Apply("ptq", """{"weights":"q4_0"}""", input, folder.File("out.gguf")));
        Assert.Equal(ExitCode.BadInput, problem.ExitCode);
        Assert.Contains("blk.0.ffn_up.weight", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_published_model_with_172_columns_is_quantised_as_far_as_its_rows_allow()
    {
        using GgufFile input = GgufFile.Open(RepositoryFiles.Shared("models/stories260k/stories260K-F16.gguf"));
        using TemporaryFolder folder = new();
        using GgufFile output = TinyModel.Apply("ptq", """{"weights":"q4_0"}""", input.Path, folder.File("out.gguf"));
        PassReadback readback = PassRegistry.Find("ptq").ReadBack(input, output, TinyModel.Json("""{"weights":"q4_0"}"""));
        Assert.Equal(Applied.Partly, readback.Applied);
        Assert.Contains("q4_0 in 30 of 35 matrices", readback.Found, StringComparison.Ordinal);
        Assert.Contains("(172 columns do not divide by 32)", readback.Found, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("q4_k", GgmlType.Q4_K, GgmlType.Q5_0)]
    [InlineData("q5_k", GgmlType.Q5_K, GgmlType.Q5_1)]
    [InlineData("q6_k", GgmlType.Q6_K, GgmlType.Q8_0)]
    public void Rows_that_256_does_not_divide_take_llama_cpps_second_choice_and_say_so(string type, GgmlType first, GgmlType second)
    {
        using TemporaryFolder folder = new();
        string parameters = $$"""{"weights":"{{type}}","embeddings":"f16"}""";
        using GgufFile input = GgufFile.Open(TinyModel.Write(folder.File("in.gguf"), ffn: 512));
        IPass pass = PassRegistry.Find("ptq");
        PassReport report = pass.Apply(input, folder.File("out.gguf"), TinyModel.Json(parameters), new() { Cancellation = TestContext.Current.CancellationToken });
        using GgufFile output = GgufFile.Open(folder.File("out.gguf"));
        Assert.Equal(first, output.Find("blk.0.ffn_down.weight")!.Type);
        Assert.Equal(second, output.Find("blk.0.attn_q.weight")!.Type);

        string name = second.ToString().ToLowerInvariant();
        Assert.Equal($"64 columns do not divide by 256: {name} in place of {type}", report.Tensors.Single(t => t.Tensor == "blk.0.attn_q.weight").Note);
        Assert.Null(report.Tensors.Single(t => t.Tensor == "blk.0.ffn_down.weight").Note);
        PassReadback readback = pass.ReadBack(input, output, TinyModel.Json(parameters));
        Assert.Equal(Applied.Partly, readback.Applied);
        Assert.Contains($"{type} in 2 of 6 matrices", readback.Found, StringComparison.Ordinal);
        Assert.Contains("(64 columns do not divide by 256)", readback.Found, StringComparison.Ordinal);
    }

    [Fact]
    public void Errors_of_all_changed_tensors_are_those_of_the_file()
    {
        using TemporaryFolder folder = new();
        using GgufFile input = GgufFile.Open(TinyModel.Write(folder.File("in.gguf")));
        PassReport report = PassRegistry.Find("ptq").Apply(
            input, folder.File("out.gguf"), TinyModel.Json("""{"weights":"q4_1"}"""), new() { Cancellation = TestContext.Current.CancellationToken });
        using GgufFile output = GgufFile.Open(folder.File("out.gguf"));
        Assert.Equal(input.Tensors.Where(t => t.Dimensions.Count == 2).Select(t => t.Name), report.Tensors.Select(t => t.Tensor));
        Assert.All(report.Tensors, error =>
        {
            float[] before = TinyModel.Values(input, error.Tensor), after = TinyModel.Values(output, error.Tensor);
            double expected = Math.Sqrt(before.Zip(after, (x, y) => Math.Pow(x - (double)y, 2)).Sum() / before.Sum(x => x * (double)x));
            Assert.Equal(expected, error.WeightError, expected * 1e-4);
            Assert.Equal(output.Find(error.Tensor)!.Type.ToString().ToLowerInvariant(), error.Type);
        });
    }

    [Theory]
    [InlineData(GgmlType.Q6_K)]
    [InlineData(GgmlType.Q4_K)]
    [InlineData(GgmlType.Q5_1)]
    public void A_file_of_any_readable_type_can_be_quantised_again(GgmlType stored)
    {
        using TemporaryFolder folder = new();
        using GgufFile input = GgufFile.Open(TinyModel.Write(folder.File("in.gguf"), stored, ffn: 512));
        Assert.Contains(input.Tensors, t => t.Type == stored);
        using GgufFile output = TinyModel.Apply("ptq", """{"weights":"q8_0"}""", input.Path, folder.File("out.gguf"));
        Assert.All(input.Tensors.Where(t => t.Dimensions.Count == 2), t =>
        {
            float[] before = TinyModel.Values(input, t.Name), after = TinyModel.Values(output, t.Name);
            Assert.Equal(GgmlType.Q8_0, output.Find(t.Name)!.Type);
            Assert.All(before.Zip(after), pair => Assert.Equal(pair.First, pair.Second, 0.1f / 127));
        });
    }
}
