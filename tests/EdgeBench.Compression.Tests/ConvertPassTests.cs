using EdgeBench.Core.Artifacts;
using EdgeBench.Core.Problems;
using EdgeBench.Models.Gguf;
using EdgeBench.Testing;

namespace EdgeBench.Compression.Tests;

public class ConvertPassTests
{
    [Theory]
    [InlineData("f16", GgmlType.F16)]
    [InlineData("bf16", GgmlType.BF16)]
    [InlineData("f32", GgmlType.F32)]
    public void Matrices_take_the_type_and_everything_else_stays_float32(string weights, GgmlType type)
    {
        using TemporaryFolder folder = new();
        string input = TinyModel.Write(folder.File("in.gguf"));
        using GgufFile output = TinyModel.Apply("convert", $$"""{"weights":"{{weights}}"}""", input, folder.File("out.gguf"));
        Assert.Equal(TinyModel.Tensors().Select(t => t.Name), output.Tensors.Select(t => t.Name));
        Assert.All(output.Tensors, t => Assert.Equal(t.Dimensions.Count == 2 ? type : GgmlType.F32, t.Type));
    }

    [Fact]
    public void Values_are_rounded_as_the_platform_rounds()
    {
        using TemporaryFolder folder = new();
        string input = TinyModel.Write(folder.File("in.gguf"));
        using GgufFile before = GgufFile.Open(input);
        using GgufFile output = TinyModel.Apply("convert", """{"weights":"f16"}""", input, folder.File("out.gguf"));
        Assert.All(output.Tensors.Where(t => t.Dimensions.Count == 2), t =>
            Assert.Equal(TinyModel.Values(before, t.Name).Select(x => (float)(Half)x), TinyModel.Values(output, t.Name)));
        Assert.All(output.Tensors.Where(t => t.Dimensions.Count == 1), t =>
            Assert.Equal(TinyModel.Values(before, t.Name), TinyModel.Values(output, t.Name)));
    }

    [Theory]
    [InlineData(GgmlType.Q8_0)]
    [InlineData(GgmlType.Q4_0)]
    public void Quantised_input_becomes_exactly_what_it_stands_for(GgmlType stored)
    {
        using TemporaryFolder folder = new();
        string input = TinyModel.Write(folder.File("in.gguf"), stored);
        using GgufFile before = GgufFile.Open(input);
        using GgufFile output = TinyModel.Apply("convert", """{"weights":"f32"}""", input, folder.File("out.gguf"));
        Assert.Contains(before.Tensors, t => t.Type == stored);
        Assert.All(output.Tensors, t => Assert.Equal(GgmlType.F32, t.Type));
        Assert.All(output.Tensors, t => Assert.Equal(TinyModel.Values(before, t.Name), TinyModel.Values(output, t.Name)));
    }

    [Fact]
    public void Every_original_key_is_kept_and_the_history_grows()
    {
        using TemporaryFolder folder = new();
        string input = TinyModel.Write(folder.File("in.gguf"));
        TinyModel.Apply("convert", """{"weights":"f16"}""", input, folder.File("half.gguf")).Dispose();
        using GgufFile output = TinyModel.Apply("ptq", """{"weights":"q4_0"}""", folder.File("half.gguf"), folder.File("out.gguf"));
        using GgufFile before = GgufFile.Open(input);

        Assert.Equal(before.Metadata.Keys.Append("general.quantization_version").Append("edgebench.recipe"), output.Metadata.Keys);
        Assert.Equal(2L, output.Metadata["general.file_type"].AsInteger());
        Assert.Equal(2L, output.Metadata["general.quantization_version"].AsInteger());
        Assert.Equal(["a", "b"], output.Metadata["test.list"].AsArray()!.AsTexts()!);
        Assert.Equal(
            """[{"pass":"convert","version":1,"parameters":{"weights":"f16"}},{"pass":"ptq","version":2,"parameters":{"weights":"q4_0","method":"rtn","embeddings":"auto","calibration_sequences":128,"calibration_length":512,"calibration_offset":0,"act_order":true,"scales":"auto","fold":"auto","prefix":"compressed","damping":0.01,"zero_point":"free","activations":"none"}}]""",
            output.Metadata["edgebench.recipe"].AsText());
    }

    [Theory]
    [InlineData("f16", 65_520f, false)]
    [InlineData("f16", -65_519.9f, true)]
    [InlineData("f16", float.NaN, false)]
    [InlineData("f16", float.NegativeInfinity, false)]
    [InlineData("bf16", 65_520f, true)]
    [InlineData("bf16", float.MaxValue, false)]
    [InlineData("f32", float.MaxValue, true)]
    public void A_value_that_would_not_stay_finite_is_refused_by_its_tensor(string weights, float value, bool fits)
    {
        using TemporaryFolder folder = new();
        string input = TinyModel.Write(folder.File("in.gguf"), change: (name, values) =>
        {
            if (name == "blk.1.attn_q.weight") values[^1] = value;
        });
        void Apply() => TinyModel.Apply("convert", $$"""{"weights":"{{weights}}"}""", input, folder.File("out.gguf")).Dispose();
        if (fits)
        {
            Apply();
            return;
        }
        EdgeBenchException problem = Assert.Throws<EdgeBenchException>(Apply);
        Assert.Equal(ExitCode.BadInput, problem.ExitCode);
        Assert.Contains("blk.1.attn_q.weight", problem.Message, StringComparison.Ordinal);
        Assert.Equal([input], Directory.GetFiles(folder.Path));
    }

    [Fact]
    public void A_type_that_cannot_be_read_is_refused_before_anything_is_written()
    {
        using TemporaryFolder folder = new();
        string input = folder.File("in.gguf");
        GgufWriter.Write(input, [new("general.architecture", GgufValue.From("llama"))],
            [new GgufTensorSource("blk.0.ffn_up.weight", GgmlType.IQ3_S, [256, 2], output => output.Write(new byte[220]))]);
        EdgeBenchException problem = Assert.Throws<EdgeBenchException>(() => TinyModel.Apply("convert", "{}", input, folder.File("out.gguf")));
        Assert.Equal(ExitCode.BadInput, problem.ExitCode);
        Assert.Contains("IQ3_S", problem.Message, StringComparison.Ordinal);
        Assert.Contains("blk.0.ffn_up.weight", problem.Message, StringComparison.Ordinal);
        Assert.Equal([input], Directory.GetFiles(folder.Path));
    }

    [Fact]
    public void Cancelling_leaves_no_file()
    {
        using TemporaryFolder folder = new();
        using GgufFile input = GgufFile.Open(TinyModel.Write(folder.File("in.gguf")));
        using CancellationTokenSource stop = new();
        stop.Cancel();
        Assert.Throws<OperationCanceledException>(() =>
            EdgeBench.Compression.Passes.PassRegistry.Find("convert").Apply(input, folder.File("out.gguf"), TinyModel.Json("{}"), new() { Cancellation = stop.Token }));
        Assert.Equal([folder.File("in.gguf")], Directory.GetFiles(folder.Path));
    }

    [Fact]
    public void Reading_back_a_full_conversion_says_so()
    {
        using TemporaryFolder folder = new();
        string input = TinyModel.Write(folder.File("in.gguf"));
        using GgufFile before = GgufFile.Open(input);
        using GgufFile output = TinyModel.Apply("convert", "{}", input, folder.File("out.gguf"));
        PassReadback readback = EdgeBench.Compression.Passes.PassRegistry.Find("convert").ReadBack(before, output, TinyModel.Json("{}"));
        Assert.Equal(Applied.Fully, readback.Applied);
        Assert.StartsWith("f16 in 8 of 8 matrices (66.6 kB of 66.6 kB)", readback.Found, StringComparison.Ordinal);
    }
}
