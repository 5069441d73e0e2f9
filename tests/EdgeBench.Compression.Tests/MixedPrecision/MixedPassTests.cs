using EdgeBench.Compression.MixedPrecision;
using EdgeBench.Compression.Passes;
using EdgeBench.Core.Artifacts;
using EdgeBench.Core.Problems;
using EdgeBench.Core.Trials;
using EdgeBench.Models.Gguf;
using EdgeBench.Testing;

namespace EdgeBench.Compression.Tests.MixedPrecision;

public class MixedPassTests
{
    private const string Text = "data/tinystories-a.txt";

    [Fact]
    public void A_published_model_is_spread_over_types_within_its_budget()
    {
        const double Bits = 5.0;
        using GgufFile input = GgufFile.Open(RepositoryFiles.Shared("models/stories15m/stories15M-F16.gguf"));
        using TemporaryFolder folder = new();
        string parameters = $$"""{"calibration":"text","bits":{{Bits}},"types":["q4_0","q4_1","q5_1"],"calibration_sequences":1,"calibration_length":64,"probe_sequences":1}""";
        MixedPass pass = new();
        PassReport report = pass.Apply(input, folder.File("out.gguf"), TinyModel.Json(parameters), Context());
        using GgufFile output = GgufFile.Open(folder.File("out.gguf"));
        GgufTensor[] inner = [.. output.Tensors.Where(tensor => MatrixTargets.PartOf(tensor) == MatrixPart.Inner)];
        long budget = (long)(inner.Sum(tensor => tensor.Elements) * Bits / 8);
        Assert.InRange(inner.Sum(tensor => tensor.Bytes), budget * 98 / 100, budget);
        Assert.True(inner.Select(tensor => tensor.Type).Distinct().Count() > 1);
        Assert.Equal(inner.Sum(tensor => tensor.Bytes).ToString(System.Globalization.CultureInfo.InvariantCulture), report.Facts["used_bytes"]);
        Assert.All(inner, tensor =>
        {
            TensorError error = report.Tensors.Single(one => one.Tensor == tensor.Name);
            Assert.Equal(tensor.Type.ToString().ToLowerInvariant(), error.Type);
            Assert.Contains("sensitivity", error.Note, StringComparison.Ordinal);
            Assert.InRange(error.OutputError!.Value, 1e-4, 0.5);
        });
        PassReadback readback = pass.ReadBack(input, output, TinyModel.Json(parameters));
        Assert.Equal(Applied.Fully, readback.Applied);
        Assert.Equal(Applied.NotApplied, pass.ReadBack(input, output, TinyModel.Json("""{"calibration":"text","bits":4.6}""")).Applied);
    }

    [Fact]
    public void A_budget_below_the_smallest_types_is_refused_with_what_would_do()
    {
        using GgufFile input = GgufFile.Open(RepositoryFiles.Shared("models/stories15m/stories15M-F16.gguf"));
        using TemporaryFolder folder = new();
        EdgeBenchException problem = Assert.Throws<EdgeBenchException>(() => new MixedPass().Apply(input, folder.File("out.gguf"),
            TinyModel.Json("""{"calibration":"text","bits":4.4,"calibration_sequences":1,"calibration_length":32,"probe_sequences":1}"""), Context()));
        Assert.Contains("at least 4.5", problem.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(folder.Path));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"calibration":"t","types":[]}""")]
    [InlineData("""{"calibration":"t","types":["int8"]}""")]
    [InlineData("""{"calibration":"t","bits":0}""")]
    [InlineData("""{"calibration":"t","probe_sequences":0}""")]
    public void Parameters_that_mean_nothing_are_refused(string json) =>
        Assert.Equal(ExitCode.BadInput, Assert.Throws<EdgeBenchException>(() => new MixedPass().Asked(TinyModel.Json(json))).ExitCode);

    [Fact]
    public void The_text_is_a_data_file_of_the_pass() => Assert.Equal(["t.txt"], new MixedPass().DataFiles(TinyModel.Json("""{"calibration":"t.txt"}""")));

    private static PassContext Context() => new()
    {
        Data = new Dictionary<string, DataFile> { ["text"] = new(RepositoryFiles.Shared(Text), "hash") },
        Cancellation = TestContext.Current.CancellationToken,
    };
}
