using EdgeBench.Compression.Formats;
using EdgeBench.Compression.Passes;
using EdgeBench.Compression.SmoothQuant;
using EdgeBench.Core.Artifacts;
using EdgeBench.Core.Configuration;
using EdgeBench.Core.Problems;
using EdgeBench.Engine.Decoding;
using EdgeBench.Models.Gguf;
using EdgeBench.Testing;

namespace EdgeBench.Compression.Tests;

public class BlockwisePtqTests
{
    private const string Text = "\"calibration\":\"text\",\"calibration_sequences\":16,\"calibration_length\":32";

    [Theory]
    [InlineData("""{"weights":"q4_0","method":"gptq",TEXT}""", GgmlType.Q4_0)]
    [InlineData("""{"weights":"q4_1","method":"gptq","act_order":false,"scales":"range","fold":"none",TEXT}""", GgmlType.Q4_1)]
    [InlineData("""{"weights":"q4_1","method":"gptq","zero_point":"integer",TEXT}""", GgmlType.Q4_1)]
    [InlineData("""{"weights":"q5_1","method":"awq",TEXT}""", GgmlType.Q5_1)]
    [InlineData("""{"weights":"q8_0","method":"awq","fold":"awq","prefix":"dense",TEXT}""", GgmlType.Q8_0)]
    public void A_calibrated_file_holds_the_asked_blocks_and_computes_nearly_the_same(string parameters, GgmlType type)
    {
        using TemporaryFolder folder = new();
        using GgufFile input = GgufFile.Open(TinyDecoder.Write(folder.File("in.gguf")));
        (GgufFile output, PassReport report) = Apply(input, parameters, folder);
        using (output)
        {
            Assert.All(output.Tensors.Where(t => MatrixTargets.PartOf(t) == MatrixPart.Inner), t => Assert.Equal(type, t.Type));
            Assert.Equal(Applied.Fully, PassRegistry.Find("ptq").ReadBack(input, output, Json(parameters)).Applied);
            Assert.Equal(14, report.Tensors.Count(t => t.OutputError is > 0 and < 0.2 && t.WeightError is > 0 and < 0.3));
            Assert.Equal("512", report.Facts[TextOrigin.CalibrationTokens]);
            Assert.True(Distance(input, output) < 0.15, $"{Distance(input, output)}");
            Assert.Contains(report.Facts[TextOrigin.CalibrationSha256], output.Metadata["edgebench.recipe"].AsText()!, StringComparison.Ordinal);
            Assert.Empty(Directory.GetFiles(folder.Path, "*.levels"));
        }
    }

    [Fact]
    public void Making_up_for_errors_and_rescaling_columns_each_lose_less_than_rounding()
    {
        using TemporaryFolder folder = new();
        using GgufFile input = GgufFile.Open(TinyDecoder.Write(folder.File("in.gguf")));
        double Of(string parameters)
        {
            (GgufFile output, _) = Apply(input, parameters, folder);
            using (output) return Distance(input, output);
        }
        double rounding = Of("""{"weights":"q4_0"}"""), gptq = Of("""{"weights":"q4_0","method":"gptq","fold":"none","scales":"range",TEXT}""");
        double awq = Of("""{"weights":"q4_0","method":"awq","scales":"range",TEXT}"""), all = Of("""{"weights":"q4_0","method":"gptq",TEXT}""");
        Assert.True(gptq < 0.9 * rounding && awq < 0.9 * rounding && all < 0.7 * rounding, $"rounding {rounding}, gptq {gptq}, awq {awq}, all {all}");
    }

    [Fact]
    public void Column_scales_go_through_the_biases_of_values_and_leave_the_function_as_it_is()
    {
        using TemporaryFolder folder = new();
        using GgufFile input = GgufFile.Open(TinyDecoder.Write(folder.File("in.gguf"), "qwen2", bias: true));
        (GgufFile output, _) = Apply(input, """{"weights":"q8_0","method":"awq",TEXT}""", folder);
        using (output)
        {
            Assert.NotEqual(TinyModel.Values(input, "blk.0.attn_v.bias"), TinyModel.Values(output, "blk.0.attn_v.bias"));
            Assert.Equal(TinyModel.Values(input, "blk.0.attn_q.bias"), TinyModel.Values(output, "blk.0.attn_q.bias"));
            Assert.NotEqual(TinyModel.Values(input, "blk.1.attn_norm.weight"), TinyModel.Values(output, "blk.1.attn_norm.weight"));
            (GgufFile plain, _) = Apply(input, """{"weights":"q8_0"}""", folder, "plain.gguf");
            using (plain) Assert.True(Distance(input, output) < 1.5 * Distance(input, plain), $"{Distance(input, output)} against {Distance(input, plain)} by rounding");
        }
    }

    [Fact]
    public void A_matrix_that_32_does_not_divide_becomes_f16_and_says_so()
    {
        using TemporaryFolder folder = new();
        using GgufFile input = GgufFile.Open(TinyDecoder.Write(folder.File("in.gguf"), ffn: 80));
        (GgufFile output, PassReport report) = Apply(input, """{"weights":"q4_1","method":"gptq",TEXT}""", folder);
        using (output)
        {
            Assert.Equal(GgmlType.F16, output.Find("blk.1.ffn_down.weight")!.Type);
            Assert.Contains("80 columns", report.Tensors.Single(t => t.Tensor == "blk.1.ffn_down.weight").Note, StringComparison.Ordinal);
            Assert.Equal(Applied.Partly, PassRegistry.Find("ptq").ReadBack(input, output, Json("""{"weights":"q4_1","method":"gptq",TEXT}""")).Applied);
            Assert.True(Distance(input, output) < 0.15);
        }
    }

    [Fact]
    public void A_type_with_quantised_scales_goes_through_its_own_encoder()
    {
        using TemporaryFolder folder = new();
        using GgufFile input = GgufFile.Open(TinyDecoder.Write(folder.File("in.gguf"), ffn: 256));
        (GgufFile output, _) = Apply(input, """{"weights":"q4_k","method":"awq",TEXT}""", folder);
        using (output)
        {
            Assert.Equal(GgmlType.Q4_K, output.Find("blk.0.ffn_down.weight")!.Type);
            Assert.Equal(GgmlType.Q5_0, output.Find("blk.0.ffn_up.weight")!.Type);
            (GgufFile plain, _) = Apply(input, """{"weights":"q4_k"}""", folder, "plain.gguf");
            using (plain) Assert.True(Distance(input, output) < Distance(input, plain), $"{Distance(input, output)} against {Distance(input, plain)} by rounding");
        }
    }

    [Theory]
    [InlineData("""{"weights":"int8"}""", "none", false)]
    [InlineData("""{"weights":"int8","activations":"dynamic"}""", "dynamic", false)]
    [InlineData("""{"weights":"int8","activations":"static","smooth":0.5,TEXT}""", "static", true)]
    [InlineData("""{"weights":"int8","method":"gptq","fold":"none",TEXT}""", "none", false)]
    public void Int8_matrices_carry_a_scale_for_each_row_and_what_activations_need(string parameters, string activations, bool inputs)
    {
        using TemporaryFolder folder = new();
        using GgufFile input = GgufFile.Open(TinyDecoder.Write(folder.File("in.gguf")));
        (GgufFile output, PassReport report) = Apply(input, parameters, folder);
        using (output)
        {
            GgufTensor matrix = output.Find("blk.1.ffn_gate.weight")!;
            Assert.Equal(GgmlType.I8, matrix.Type);
            Assert.Equal(activations, output.Metadata[Int8Tensors.ActivationsKey].AsText());
            float[] scales = TinyModel.Values(output, Int8Tensors.WeightScale(matrix.Name));
            Assert.Equal(TinyDecoder.Ffn, scales.Length);
            Assert.Equal(inputs, output.Find(Int8Tensors.InputScale(matrix.Name)) is not null);
            // Levels times scales times what the norm took up is the old matrix.
            float[] before = TinyModel.Values(input, matrix.Name), gain = TinyModel.Values(input, "blk.1.ffn_norm.weight"), after = TinyModel.Values(output, "blk.1.ffn_norm.weight");
            sbyte[] levels = [.. output.Data(matrix).ToArray().Select(b => (sbyte)b)];
            for (int i = 0; i < levels.Length; i++)
            {
                float fold = gain[i % TinyDecoder.Width] / after[i % TinyDecoder.Width], scale = scales[i / TinyDecoder.Width];
                if (!parameters.Contains("gptq", StringComparison.Ordinal)) Assert.Equal(before[i], levels[i] * scale / fold, 0.51f * scale / fold);
            }
            Assert.All(report.Tensors.Where(t => t.Type == "i8"), t => Assert.InRange(t.WeightError, 1e-4, 0.03));
            Assert.Equal(Applied.Fully, PassRegistry.Find("ptq").ReadBack(input, output, Json(parameters)).Applied);
            RecipeSpec recipe = TinyModel.Recipe(("ptq", Replaced(parameters)));
            Assert.Contains("int8 rows", FormatRegistry.WhyNot("gguf", recipe, "gguf"), StringComparison.Ordinal);
            Assert.Null(FormatRegistry.WhyNot("gguf", recipe, "onnx"));
        }
    }

    [Fact]
    public void An_encoder_is_rounded_to_int8_rows_and_keeps_its_embeddings()
    {
        const string Parameters = """{"weights":"int8","activations":"dynamic"}""";
        using TemporaryFolder folder = new();
        using GgufFile input = GgufFile.Open(TinyEncoder.Write(folder.File("in.gguf")));
        (GgufFile output, PassReport report) = Apply(input, Parameters, folder);
        using (output)
        {
            Assert.Equal(12, output.Tensors.Count(tensor => tensor.Type == GgmlType.I8));
            Assert.All(output.Tensors.Where(tensor => tensor.Type == GgmlType.I8), tensor => Assert.StartsWith("blk.", tensor.Name, StringComparison.Ordinal));
            Assert.All(report.Tensors.Where(t => t.Type == "i8"), t => Assert.InRange(t.WeightError, 1e-4, 0.03));
            Assert.Equal(Applied.Fully, PassRegistry.Find("ptq").ReadBack(input, output, Json(Parameters)).Applied);
        }
    }

    [Fact]
    public void Methods_that_calibrate_refuse_an_encoder()
    {
        using TemporaryFolder folder = new();
        using GgufFile input = GgufFile.Open(TinyEncoder.Write(folder.File("in.gguf")));
        EdgeBenchException problem = Assert.Throws<EdgeBenchException>(() => Apply(input, """{"weights":"int8","activations":"static",TEXT}""", folder));
        Assert.Contains("static activations on the encoder 'bert'", problem.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(folder.File("out.gguf")));
    }

    [Theory]
    [InlineData("""{"weights":"q4_0","method":"gptq"}""", "calibration")]
    [InlineData("""{"weights":"q4_k","method":"gptq",TEXT}""", "q4_k")]
    [InlineData("""{"weights":"q4_0","zero_point":"integer"}""", "zero_point")]
    [InlineData("""{"weights":"q4_0","smooth":0.5,TEXT}""", "smooth")]
    [InlineData("""{"weights":"q4_0","activations":"dynamic"}""", "activations")]
    [InlineData("""{"weights":"q4_0","scales":"search"}""", "scales")]
    [InlineData("""{"weights":"int8","activations":"static"}""", "static activations")]
    [InlineData("""{"weights":"q4_0",TEXT}""", "calibration")]
    public void Parameters_that_contradict_each_other_are_refused(string parameters, string named)
    {
        EdgeBenchException problem = Assert.Throws<EdgeBenchException>(() => PassRegistry.Find("ptq").Asked(Json(parameters)));
        Assert.Equal(ExitCode.BadInput, problem.ExitCode);
        Assert.Contains(named, problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_text_that_is_too_short_is_refused_and_leaves_no_file()
    {
        using TemporaryFolder folder = new();
        using GgufFile input = GgufFile.Open(TinyDecoder.Write(folder.File("in.gguf")));
        EdgeBenchException problem = Assert.Throws<EdgeBenchException>(
            () => Apply(input, """{"weights":"q4_0","method":"gptq","calibration":"text","calibration_sequences":4000}""", folder));
        Assert.Contains("tokens", problem.Message, StringComparison.Ordinal);
        Assert.Equal(["in.gguf", "text"], Directory.GetFiles(folder.Path).Select(Path.GetFileName).Order());
    }

    private static (GgufFile Output, PassReport Report) Apply(GgufFile input, string parameters, TemporaryFolder folder, string name = "out.gguf")
    {
        PassReport report = PassRegistry.Find("ptq").Apply(input, folder.File(name), Json(parameters), TinyDecoder.Context(folder.File("text")));
        return (GgufFile.Open(folder.File(name)), report);
    }

    private static System.Text.Json.JsonElement Json(string parameters) => TinyModel.Json(Replaced(parameters));

    private static string Replaced(string parameters) => parameters.Replace("TEXT", Text, StringComparison.Ordinal);

    // Relative distance of the logits on tokens that calibration drew from too.
    private static double Distance(GgufFile before, GgufFile after)
    {
        int[] tokens = [.. Enumerable.Range(0, 48).Select(i => 3 + (i * 7 % 11 % 4))];
        float[] a = Logits(before, tokens), b = Logits(after, tokens);
        return Math.Sqrt(a.Zip(b, (x, y) => (double)(x - y) * (x - y)).Sum() / a.Sum(x => (double)x * x));
    }

    private static float[] Logits(GgufFile file, int[] tokens)
    {
        Decoder decoder = new(new GgufWeights(file));
        float[] hidden = new float[tokens.Length * TinyDecoder.Width], logits = new float[tokens.Length * TinyDecoder.Vocabulary];
        decoder.Embed(tokens, hidden);
        for (int layer = 0; layer < 2; layer++) decoder.Block(layer).Forward(hidden, 1, tokens.Length);
        decoder.Head(hidden, (i, row) => row.CopyTo(logits.AsSpan(i * TinyDecoder.Vocabulary)));
        return logits;
    }
}
