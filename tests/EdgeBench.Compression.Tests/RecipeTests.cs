using EdgeBench.Compression.Artifacts;
using EdgeBench.Core.Artifacts;
using EdgeBench.Core.Configuration;
using EdgeBench.Core.Trials;
using EdgeBench.Models.Gguf;
using EdgeBench.Testing;

namespace EdgeBench.Compression.Tests;

public class RecipeTests
{
    [Fact]
    public void A_pass_that_a_later_one_undoes_is_not_applied_in_the_artifact()
    {
        using TemporaryFolder folder = new();
        ArtifactDescription artifact = new ArtifactStore(folder.File("cache")).Build(
            new(TinyModel.Checkpoint(TinyModel.Write(folder.File("in.gguf"), ffn: 96)),
                TinyModel.Recipe(("ptq", """{"weights":"q8_0"}"""), ("ptq", """{"weights":"q4_0"}"""))), null, TestContext.Current.CancellationToken);

        Assert.Equal([Applied.NotApplied, Applied.Fully], artifact.Readback.Select(r => r.Applied));
        Assert.Contains("q8_0 in 2 of 8 matrices", artifact.Readback[0].Found, StringComparison.Ordinal);
        Assert.Contains("before later passes: q8_0 in 8 of 8 matrices", artifact.Readback[0].Found, StringComparison.Ordinal);
        Assert.Equal(["artifact.json", "model.gguf"], Directory.GetFiles(Path.GetDirectoryName(artifact.Path)!).Select(Path.GetFileName).Order());
    }

    [Fact]
    public void A_chain_gives_the_bytes_of_its_passes_one_by_one()
    {
        using TemporaryFolder folder = new();
        string input = TinyModel.Write(folder.File("in.gguf"), GgmlType.Q8_0);
        TinyModel.Apply("convert", """{"weights":"f32"}""", input, folder.File("1.gguf")).Dispose();
        using GgufFile byHand = TinyModel.Apply("ptq", """{"weights":"q4_0"}""", folder.File("1.gguf"), folder.File("2.gguf"));
        ArtifactDescription artifact = new ArtifactStore(folder.File("cache")).Build(
            new(TinyModel.Checkpoint(input), TinyModel.Recipe(("convert", """{"weights":"f32"}"""), ("ptq", """{"weights":"q4_0"}"""))), null, TestContext.Current.CancellationToken);
        Assert.Equal(File.ReadAllBytes(byHand.Path), File.ReadAllBytes(artifact.Path));
    }

    [Fact]
    public void An_identity_depends_on_all_that_decides_the_bytes_and_on_nothing_else()
    {
        string Id(string sha, string format, params (string, string)[] passes) => ArtifactId.Of(sha, TinyModel.Recipe(passes), format, new Dictionary<string, DataFile>());
        string one = Id("aa", "gguf", ("ptq", """{"weights":"q4_0"}"""));
        Assert.Equal(one, Id("AA", "gguf", ("ptq", """{"embeddings":"auto","method":"rtn","weights":"q4_0"}""")));
        Assert.Equal(one, ArtifactId.Of("aa", TinyModel.Recipe(("ptq", """{"weights":"q4_0"}""")) with { Name = "other" }, "gguf", new Dictionary<string, DataFile>()));
        string[] others =
        [
            Id("ab", "gguf", ("ptq", """{"weights":"q4_0"}""")),
            Id("aa", "onnx", ("ptq", """{"weights":"q4_0"}""")),
            Id("aa", "gguf", ("ptq", """{"weights":"q8_0"}""")),
            Id("aa", "gguf", ("ptq", """{"weights":"q4_0","embeddings":"q4_0"}""")),
            Id("aa", "gguf", ("convert", "{}"), ("ptq", """{"weights":"q4_0"}""")),
            Id("aa", "gguf", ("ptq", """{"weights":"q4_0"}"""), ("convert", "{}")),
            Id("aa", "gguf"),
        ];
        Assert.Equal(others.Length + 1, others.Append(one).Distinct().Count());
    }

    [Theory]
    [InlineData(GgmlType.F32, false)]
    [InlineData(GgmlType.F16, false)]
    [InlineData(GgmlType.BF16, false)]
    [InlineData(GgmlType.Q8_0, true)]
    [InlineData(GgmlType.Q4_0, true)]
    public void The_reference_is_the_checkpoint_unless_it_is_quantised(GgmlType type, bool converted)
    {
        using TemporaryFolder folder = new();
        string path = TinyModel.Write(folder.File("in.gguf"), type);
        using GgufFile file = GgufFile.Open(path);
        ArtifactDescription identity = new ArtifactStore(folder.File("cache")).Build(
            new(TinyModel.Checkpoint(path), TinyModel.Recipe()), null, TestContext.Current.CancellationToken);
        foreach (RecipeSpec recipe in new[] { Recipes.Reference(file), Recipes.Reference(identity) })
        {
            Assert.Equal("reference", recipe.Name);
            Assert.Equal(converted ? ["convert"] : [], recipe.Passes.Select(p => p.Pass));
            if (converted) Assert.Equal("""{"weights":"f16"}""", recipe.Passes[0].Parameters.GetRawText());
        }
    }
}
