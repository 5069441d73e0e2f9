using EdgeBench.Compression.Artifacts;
using EdgeBench.Compression.Passes;
using EdgeBench.Core.Artifacts;
using EdgeBench.Core.Problems;
using EdgeBench.Models.Gguf;
using EdgeBench.Testing;

namespace EdgeBench.Compression.Tests;

public class KvCachePassTests
{
    [Fact]
    public void The_wish_is_metadata_and_weights_stay_as_they_are()
    {
        using TemporaryFolder folder = new();
        using GgufFile input = GgufFile.Open(TinyModel.Write(folder.File("in.gguf"), GgmlType.Q8_0, change: null));
        const string Parameters = """{"keys":"f16","values":"f16"}""";
        using GgufFile output = TinyModel.Apply("kv_cache", Parameters, input.Path, folder.File("out.gguf"));
        Assert.All(input.Tensors, t => Assert.Equal(input.Data(t), output.Data(output.Find(t.Name)!)));
        Assert.Equal(input.Metadata["general.file_type"].AsInteger(), output.Metadata["general.file_type"].AsInteger());
        Assert.Equal("f16", output.Metadata["edgebench.kv_cache.keys"].AsText());
        Assert.Equal("f16", output.Metadata["edgebench.kv_cache.values"].AsText());
        IPass pass = PassRegistry.Find("kv_cache");
        Assert.Equal(Applied.Fully, pass.ReadBack(input, output, TinyModel.Json(Parameters)).Applied);
        Assert.Equal(Applied.Partly, pass.ReadBack(input, output, TinyModel.Json("""{"keys":"f16"}""")).Applied);
        Assert.Equal(Applied.NotApplied, pass.ReadBack(input, input, TinyModel.Json(Parameters)).Applied);
    }

    [Fact]
    public void Heads_that_no_block_fits_are_refused()
    {
        using TemporaryFolder folder = new();
        // Width 64 and 4 heads: 16 elements each.
        string input = TinyModel.Write(folder.File("in.gguf"));
        EdgeBenchException problem = Assert.Throws<EdgeBenchException>(() => TinyModel.Apply("kv_cache", "{}", input, folder.File("out.gguf")));
        Assert.Contains("heads of 16 elements", problem.Message, StringComparison.Ordinal);
        Assert.Equal([input], Directory.GetFiles(folder.Path));
    }

    [Fact]
    public void The_estimate_of_a_recipe_is_that_of_its_last_pass_that_changes_tensors()
    {
        string path = RepositoryFiles.Shared("models/stories260k/stories260K-F16.gguf");
        using GgufFile file = GgufFile.Open(path);
        long? Estimate(params (string, string)[] passes) => ArtifactStore.EstimateBytes(file.Shape, file.FileBytes, TinyModel.Recipe(passes));
        (string, string) cache = ("kv_cache", """{"keys":"f16","values":"f16"}"""), eight = ("ptq", """{"weights":"q8_0"}""");
        Assert.Equal(Estimate(eight), Estimate(eight, cache));
        Assert.Equal(file.FileBytes, Estimate(cache));
    }
}
