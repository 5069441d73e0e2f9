using EdgeBench.Compression.Artifacts;
using EdgeBench.Core.Artifacts;
using EdgeBench.Core.Configuration;
using EdgeBench.Models.Gguf;
using EdgeBench.Models.Shapes;
using EdgeBench.Testing;

namespace EdgeBench.Compression.Tests;

public class EstimateTests
{
    [Theory]
    [InlineData("convert", """{"weights":"f32"}""")]
    [InlineData("convert", """{"weights":"f16"}""")]
    [InlineData("ptq", """{"weights":"q8_0"}""")]
    [InlineData("ptq", """{"weights":"q4_0"}""")]
    [InlineData("ptq", """{"weights":"q4_0","embeddings":"f16"}""")]
    [InlineData("ptq", """{"weights":"q5_k","embeddings":"q5_1"}""")]
    public void An_estimate_from_the_shape_is_what_a_published_model_takes(string pass, string parameters)
    {
        string path = RepositoryFiles.Shared("models/stories260k/stories260K-F16.gguf");
        using GgufFile file = GgufFile.Open(path);
        using TemporaryFolder folder = new();
        RecipeSpec recipe = TinyModel.Recipe((pass, parameters));
        ArtifactDescription artifact = new ArtifactStore(folder.Path).Build(new(TinyModel.Checkpoint(path), recipe), null, TestContext.Current.CancellationToken);
        Assert.Equal(artifact.WeightBytes, ArtifactStore.EstimateBytes(file.Shape, file.FileBytes, recipe));
    }

    [Fact]
    public void Llama_cpps_pure_files_of_smollm2_are_estimated_to_the_byte()
    {
        // 134,515,008 weights: 35,136 of norms at 4 bytes, the others at 34 (q8_0) or 18 (q4_0) bytes for 32.
        TransformerShape shape = ShapePresets.Find("smollm2-135m");
        long matrices = 134_515_008 - 35_136;
        Assert.Equal((matrices / 32 * 34) + (35_136 * 4), ArtifactStore.EstimateBytes(shape, null, TinyModel.Recipe(("ptq", """{"weights":"q8_0"}"""))));
        Assert.Equal((matrices / 32 * 18) + (35_136 * 4), ArtifactStore.EstimateBytes(shape, null, TinyModel.Recipe(("ptq", """{"weights":"q4_0","embeddings":"q4_0"}"""))));
    }

    [Fact]
    public void What_is_not_known_is_not_estimated()
    {
        TransformerShape shape = ShapePresets.Find("llama-15m");
        RecipeSpec half = TinyModel.Recipe(("convert", "{}"));
        Assert.Null(ArtifactStore.EstimateBytes(null, 5, half));
        Assert.Null(ArtifactStore.EstimateBytes(shape with { Architecture = "mamba" }, 5, half));
        Assert.Equal(5, ArtifactStore.EstimateBytes(null, 5, TinyModel.Recipe()));
        Assert.Null(ArtifactStore.EstimateBytes(shape, null, TinyModel.Recipe()));
    }
}
