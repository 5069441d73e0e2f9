using EdgeBench.Compression.Grids;
using EdgeBench.Compression.Passes;
using EdgeBench.Core.Artifacts;
using EdgeBench.Core.Problems;
using EdgeBench.Kernels.Quantisation;
using EdgeBench.Models.Gguf;

namespace EdgeBench.Compression.Tests.FineTuning;

public class QatPassTests
{
    [Theory]
    [InlineData("q8_0", "")]
    [InlineData("q4_0", "")]
    [InlineData("q4_0", ""","learned_scales":true""")]
    [InlineData("q4_0", ""","distil":0.5""")]
    [InlineData("q4_0", ""","embeddings":"q4_0" """)]
    [InlineData("int3", "")]
    [InlineData("int3", ""","learned_scales":true""")]
    [InlineData("int2", "")]
    public void The_file_scores_as_training_did(string weights, string more)
    {
        using TunedModel model = new();
        ArtifactDescription built = model.Build("qat", $"""
            "weights":"{weights}"{more}
            """);
        (double before, double after) = TunedModel.Told(built);
        Assert.True(after < before, $"{after} after {before}");
        Assert.Equal(after, TunedModel.Loss(built.Path), 3);
        Assert.Equal(Applied.Fully, built.Readback[0].Applied);
        using GgufFile file = GgufFile.Open(built.Path);
        GgmlType expected = weights == "q8_0" ? GgmlType.Q8_0 : GgmlType.Q4_0;
        Assert.All(file.Tensors.Where(tensor => MatrixTargets.PartOf(tensor) == MatrixPart.Inner), tensor => Assert.Equal(expected, tensor.Type));
    }

    [Fact]
    public void Int8_rows_have_levels_and_a_scale_a_row()
    {
        using TunedModel model = new();
        ArtifactDescription built = model.Build("qat", "\"weights\":\"int8\"", format: "onnx");
        Assert.Equal(Applied.Fully, built.Readback[0].Applied);
        Assert.Contains("gguf", Assert.Throws<EdgeBenchException>(() => model.Build("qat", "\"weights\":\"int8\"")).Message);
    }

    [Fact]
    public void Rows_that_are_no_whole_groups_stay_float16()
    {
        using TunedModel model = new(ffn: 48);
        ArtifactDescription built = model.Build("qat", "\"weights\":\"q4_0\"");
        Assert.Equal(Applied.Partly, built.Readback[0].Applied);
        using GgufFile file = GgufFile.Open(built.Path);
        Assert.Equal(GgmlType.F16, file.Find("blk.0.ffn_down.weight")!.Type);
        Assert.Equal(GgmlType.Q4_0, file.Find("blk.0.ffn_up.weight")!.Type);
        Assert.Equal(TunedModel.Told(built).After, TunedModel.Loss(built.Path), 2);
    }

    [Fact]
    public void Training_on_the_grid_beats_rounding_to_it_at_two_bits()
    {
        using TunedModel model = new();
        double tuned = TunedModel.Told(model.Build("qat", "\"weights\":\"int2\"")).After;
        string trained = model.Build("peft", "\"method\":\"full\"").Path;
        using GgufFile file = GgufFile.Open(trained);
        string rounded = trained + ".int2";
        PassRegistry.Find("ptq").Apply(file, rounded, TinyModel.Json("""{"weights":"int2"}"""), new());
        Assert.True(tuned < TunedModel.Loss(rounded));
    }

    [Theory]
    [InlineData(3)]
    [InlineData(1)]
    public void Rounding_to_nearest_finds_the_levels_that_training_uses(int top)
    {
        WeightGrid grid = top == 3 ? WeightGrid.Symmetric3 : WeightGrid.Symmetric2;
        Random random = new(4);
        float[] values = [.. Enumerable.Range(0, 64 * 64).Select(_ => (float)(random.NextDouble() - 0.5))];
        QuantisedMatrix rounded = NearestRounding.Round(top == 3 ? LevelGrid.Int3 : LevelGrid.Int2, values, 64, ScaleRule.Range, default, TestContext.Current.CancellationToken);
        float[] expected = new float[64];
        for (int row = 0; row < 64; row++)
        {
            grid.Dequantised(values.AsSpan(row * 64, 64), expected);
            Assert.Equal(expected, rounded.Dequantise().AsSpan(row * 64, 64).ToArray());
        }
        byte[] packed = rounded.Pack();
        float[] unpacked = new float[values.Length];
        TensorCodec.Decode(GgmlType.Q4_0, packed, unpacked);
        Assert.Equal(rounded.Dequantise(), unpacked);
    }

    [Fact]
    public void Other_levels_than_asked_are_found_out()
    {
        using TunedModel model = new();
        using GgufFile input = GgufFile.Open(model.Checkpoint), four = GgufFile.Open(model.Rounded("q4_0").Path), three = GgufFile.Open(model.Build("qat", "\"weights\":\"int3\"").Path);
        IPass qat = PassRegistry.Find("qat");
        Assert.Equal(Applied.NotApplied, qat.ReadBack(input, three, TinyModel.Json(TunedModel.Json("\"weights\":\"int2\""))).Applied);
        Assert.Equal(Applied.Fully, qat.ReadBack(input, three, TinyModel.Json(TunedModel.Json("\"weights\":\"int3\""))).Applied);
        Assert.NotEqual(Applied.Fully, qat.ReadBack(input, four, TinyModel.Json(TunedModel.Json("\"weights\":\"int3\""))).Applied);
    }

    [Fact]
    public void Data_are_needed()
    {
        EdgeBenchException error = Assert.Throws<EdgeBenchException>(() => PassRegistry.Find("qat").Asked(TinyModel.Json("{}")));
        Assert.Contains("pass 'qat' without data", error.Message);
        Assert.Contains("Did you mean 'home'?", Assert.Throws<EdgeBenchException>(() => PassRegistry.Find("qat").Asked(TinyModel.Json("""{"data":[{"generate":"hom"}]}"""))).Message);
    }
}
