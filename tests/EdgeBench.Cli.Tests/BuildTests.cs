namespace EdgeBench.Cli.Tests;

public class BuildTests
{
    private const string Bench = """
        name: built
        models:
          m:
            source: "random:"
            shape: { layers: 2, width: 64, heads: 2, kv_heads: 1, ffn: 96, vocabulary: 320, context: 128, tied_embeddings: true }
        recipes: { fp32: [], int8: [ { ptq: { weights: q8_0 } } ] }
        backends: [onnxruntime]
        devices: [local]
        workloads: { w: { scenario: single-stream, prompt: 8, generate: 4 }, v: { scenario: single-stream, prompt: 4, generate: 4 } }
        """;

    [Fact]
    public async Task Every_artifact_of_the_plan_is_built_once_and_kept()
    {
        using CommandLine line = new();
        line.Write("bench.yaml", Bench);
        CommandResult built = await line.RunAsync("build");
        Assert.True(built.ExitCode == 0, built.Output + built.Error);
        Assert.Contains("m/fp32 (onnx): ", built.Output, StringComparison.Ordinal);
        Assert.Contains("m/int8 (onnx): ", built.Output, StringComparison.Ordinal);
        Assert.EndsWith("2 of 2 artifacts are in the cache.", built.Output.TrimEnd(), StringComparison.Ordinal);
        string[] models = Directory.GetFiles(Path.Combine(line.Cache, "artifacts"), "model.onnx", SearchOption.AllDirectories);
        Assert.Equal(2, models.Length);
        DateTime[] written = [.. models.Select(File.GetLastWriteTimeUtc)];
        Assert.Equal(0, (await line.RunAsync("build")).ExitCode);
        Assert.Equal(written, models.Select(File.GetLastWriteTimeUtc));
        Assert.False(Directory.Exists(Path.Combine(line.Folder, "runs")));
    }

    [Fact]
    public async Task A_part_of_the_list_is_built_alone()
    {
        using CommandLine line = new();
        line.Write("bench.yaml", Bench);
        CommandResult built = await line.RunAsync("build", "--only", "1,0", "--task", "0");
        Assert.True(built.ExitCode == 0, built.Output + built.Error);
        Assert.Contains("m/int8 (onnx): ", built.Output, StringComparison.Ordinal);
        Assert.Contains("1 of 1 artifacts", built.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--only 7", "places of 0 to 1")]
    [InlineData("--only x", "places of 0 to 1")]
    [InlineData("--task 2", "a place of 0 to 1")]
    [InlineData("--on local", "launcher slurm with 'boards' and 'folder'")]
    [InlineData("--on local --only 1", "--on with --only")]
    public async Task Wrong_choices_are_told(string words, string expected)
    {
        using CommandLine line = new();
        line.Write("bench.yaml", Bench);
        CommandResult refused = await line.RunAsync(["build", .. words.Split(' ')]);
        Assert.Equal(2, refused.ExitCode);
        Assert.Contains(expected, refused.Error, StringComparison.Ordinal);
    }
}
