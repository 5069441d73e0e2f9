using EdgeBench.Compression.Artifacts;
using EdgeBench.Compression.Formats;
using EdgeBench.Core.Artifacts;
using EdgeBench.Core.IO;
using EdgeBench.Core.Problems;
using EdgeBench.Models.Onnx.Reading;
using EdgeBench.Models.Sources;
using EdgeBench.Testing;

namespace EdgeBench.Compression.Tests;

public sealed class FormatTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> Names => [.. FormatRegistry.All.Select(format => format.Name)];

    private ArtifactStore Store => new(_folder.File("cache"));

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_format_is_written_whole_described_by_its_files_and_found_again(string format)
    {
        ArtifactRequest request = new(Checkpoint(), TinyModel.Recipe(("ptq", """{"weights":"q4_0"}"""))) { Format = format };
        ArtifactDescription built = Build(request);
        Assert.Equal(format, built.Format);
        Assert.Equal(FormatRegistry.Find(format).MainFile, Path.GetFileName(built.Path));
        Assert.Equal(ContentHash.OfFile(built.Path), built.Sha256);
        Assert.NotEmpty(built.Parts);
        string folder = Path.GetDirectoryName(built.Path)!;
        Assert.All(built.Parts, part => Assert.Equal(ContentHash.OfFile(Path.Combine(folder, part.Name)), part.Sha256));
        Assert.InRange(built.WeightBytes, 1, built.FileBytes + built.Parts.Sum(part => part.Bytes));
        Assert.Equal(["ptq", $"{format} export"], built.Readback.Select(pass => pass.Pass));
        Assert.All(built.Readback, pass => Assert.Equal(Applied.Fully, pass.Applied));

        Assert.Equal(built.Id, Build(request).Id);
        Assert.NotEqual(built.Id, Build(request with { Format = ArtifactStore.Format }).Id);
    }

    [Fact]
    public void A_damaged_part_is_built_again()
    {
        ArtifactRequest request = new(Checkpoint(), TinyModel.Recipe(("onnx", """{"external_data":"always"}"""))) { Format = "onnx" };
        ArtifactDescription built = Build(request);
        Assert.Equal(["model.onnx.data", "tokenizer.gguf"], built.Parts.Select(part => part.Name).Order());
        string data = Path.Combine(Path.GetDirectoryName(built.Path)!, "model.onnx.data");
        File.WriteAllBytes(data, [.. File.ReadAllBytes(data).Select(value => (byte)~value)]);
        Assert.Equal(built.Parts[0].Sha256, ContentHash.OfFile(Path.Combine(Path.GetDirectoryName(Build(request).Path)!, built.Parts[0].Name)));
        Assert.All(built.Parts, part => Assert.Equal(part.Sha256, ContentHash.OfFile(Path.Combine(Path.GetDirectoryName(built.Path)!, part.Name))));
    }

    [Theory]
    [InlineData("""{"accuracy_level":1}""", 1)]
    [InlineData("""{}""", 4)]
    public void The_export_follows_the_settings_that_a_pass_left_in_the_file(string settings, int level)
    {
        ArtifactDescription built = Build(new(Checkpoint(), TinyModel.Recipe(("ptq", """{"weights":"q8_0"}"""), ("onnx", settings))) { Format = "onnx" });
        Assert.Contains($"accuracy level {level}", built.Readback[^1].Asked, StringComparison.Ordinal);
        Assert.Equal(Applied.Fully, built.Readback[1].Applied);
        Assert.True(OnnxHeader.Read(built.Path).Operators.GetValueOrDefault("MatMulNBits") > 0);
    }

    [Theory]
    [InlineData("ptq", """{"weights":"int8"}""", "gguf", "int8 rows")]
    [InlineData("kv_cache", """{}""", "onnx", "float32")]
    [InlineData("ptq", """{"weights":"int8"}""", "onnx", null)]
    [InlineData("kv_cache", """{}""", "gguf", null)]
    public void What_a_format_cannot_hold_is_known_from_the_recipe(string pass, string parameters, string format, string? reason)
    {
        string? found = FormatRegistry.WhyNot("gguf", TinyModel.Recipe((pass, parameters)), format);
        if (reason is null) Assert.Null(found);
        else Assert.Contains(reason, found, StringComparison.Ordinal);
    }

    [Fact]
    public void A_recipe_that_the_format_cannot_hold_is_refused_before_anything_is_built()
    {
        EdgeBenchException refused = Assert.Throws<EdgeBenchException>(() => Build(new(Checkpoint(), TinyModel.Recipe(("ptq", """{"weights":"int8"}""")))));
        Assert.Equal(ExitCode.BadInput, refused.ExitCode);
        Assert.False(Directory.Exists(_folder.File("cache")));
    }

    [Fact]
    public void A_model_that_others_exported_runs_as_it_is_and_takes_no_pass()
    {
        ArtifactDescription export = Build(new(Checkpoint(), TinyModel.Recipe()) { Format = "onnx" });
        Checkpoint foreign = new(export.Path, "onnx", export.Sha256, export.FileBytes, RandomWeights: false);
        ArtifactDescription described = Build(new(foreign, TinyModel.Recipe()) { Format = "onnx" });
        Assert.Equal(export.Path, described.Path);
        Assert.Contains(described.Parts, part => part.Name == "tokenizer.gguf");
        Assert.True(described.WeightBytes > 0);

        Assert.Contains("only the empty recipe", FormatRegistry.WhyNot("onnx", TinyModel.Recipe(("ptq", "{}")), "onnx"), StringComparison.Ordinal);
        Assert.Contains("the backend runs gguf", FormatRegistry.WhyNot("onnx", TinyModel.Recipe(), "gguf"), StringComparison.Ordinal);
    }

    private ArtifactDescription Build(ArtifactRequest request) => Store.Build(request, null, TestContext.Current.CancellationToken);

    private Checkpoint Checkpoint() => TinyModel.Checkpoint(TinyDecoder.Write(_folder.File("in.gguf")));
}
