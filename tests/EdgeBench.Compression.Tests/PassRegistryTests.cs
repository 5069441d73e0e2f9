using System.Text.Json;
using EdgeBench.Compression.Passes;
using EdgeBench.Core.IO;
using EdgeBench.Core.Problems;

namespace EdgeBench.Compression.Tests;

public class PassRegistryTests
{
    [Fact]
    public void Names_of_passes_are_unique() =>
        Assert.Equal(PassRegistry.All.Count, PassRegistry.All.Select(pass => pass.Name).Distinct().Count());

    [Fact]
    public void A_misspelt_pass_gets_a_suggestion()
    {
        EdgeBenchException problem = Assert.Throws<EdgeBenchException>(() => PassRegistry.Find("convret"));
        Assert.Equal(ExitCode.BadInput, problem.ExitCode);
        Assert.Contains("Did you mean 'convert'?", problem.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ptq", "weights q8_0 by rtn, embeddings q8_0")]
    [InlineData("convert", "weights f16")]
    public void Every_parameter_has_a_default(string name, string asked) => Assert.Equal(asked, PassRegistry.Find(name).Asked(TinyModel.Json("{}")));

    [Fact]
    public void Parameters_are_written_as_the_file_spells_them()
    {
        Assert.Equal("""{"weights":"q4_0","method":"rtn","embeddings":"auto","calibration_sequences":128,"calibration_length":512,"calibration_offset":0,"act_order":true,"scales":"auto","fold":"auto","prefix":"compressed","damping":0.01,"zero_point":"free","activations":"none"}""", EdgeBenchJson.Serialize(new PtqParameters { Weights = QuantisedType.Q4_0 }));
        Assert.Equal("""{"weights":"bf16"}""", EdgeBenchJson.Serialize(new ConvertParameters { Weights = FloatType.BF16 }));
        Assert.Equal(EmbeddingType.F16, EdgeBenchJson.Deserialize<PtqParameters>("""{"embeddings":"f16"}""").Embeddings);
    }

    [Theory]
    [InlineData("ptq", """{"weights":"q2_k"}""")]
    [InlineData("ptq", """{"weights":70}""")]
    [InlineData("ptq", """{"wieghts":"q4_0"}""")]
    [InlineData("ptq", "[]")]
    [InlineData("ptq", "null")]
    [InlineData("convert", """{"weights":null}""")]
    public void Parameters_that_mean_nothing_are_bad_input(string pass, string json)
    {
        JsonElement parameters = TinyModel.Json(json);
        EdgeBenchException problem = Assert.Throws<EdgeBenchException>(() => PassRegistry.Find(pass).Asked(parameters));
        Assert.Equal(ExitCode.BadInput, problem.ExitCode);
        Assert.Contains(
            pass == "ptq" ? "weights (q8_0, q4_0, q4_1, q5_0, q5_1, q4_k, q5_k, q6_k, int8, int3, int2), method (rtn, gptq, awq), embeddings (auto, f16, q8_0, q4_0, q4_1, q5_0, q5_1, q6_k)" : "weights (f32, f16, bf16)", problem.Message, StringComparison.Ordinal);
    }
}
