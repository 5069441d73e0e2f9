namespace EdgeBench.Cli.Tests;

/// <summary>Every bad input gets a message with offender, expectation and remedy, exit code 2, and leaves nothing behind.</summary>
public class BadInputTests
{
    private const string Good = """
        name: t
        models: { m: random:llama-15m }
        recipes: { fp16: [] }
        backends: [llamacpp]
        devices: [local]
        workloads: { w: { scenario: single-stream, prompt: 8, generate: 4 } }
        measure: { sessions: 1, min_samples: 1, min_duration: 1ms }
        """;

    public static TheoryData<string, string, string[]> Configurations => new()
    {
        { "a syntax error", "name: [t", ["bench.yaml:2:1", "syntax", "closed"] },
        { "a tab", "name: t\n\tmodels: 1", ["bench.yaml:1", "spaces", "line 2"] },
        { "an unknown key", Good + "\nmodls: 1", ["modls", "Did you mean 'models'?"] },
        { "an unknown pass", Good.Replace("fp16: []", "x: [ ptqq ]"), ["ptqq", "Did you mean 'ptq'?"] },
        { "an unknown option value", Good.Replace("fp16: []", "x: [ { ptq: { weights: q4_O } } ]"), ["q4_O", "q4_0"] },
        { "a wrong type", Good.Replace("prompt: 8", "prompt: many"), ["many", "prompt"] },
        { "a number out of range", Good.Replace("generate: 4", "generate: -4"), ["-4", "generate"] },
        { "a cyclic anchor", "name: t\nmodels: &a { m: *a }", ["bench.yaml:2"] },
        { "a missing model file", Good.Replace("random:llama-15m", "file:absent.gguf"), ["absent.gguf", "models.m.source"] },
        { "an unknown preset", Good.Replace("llama-15m", "lama-15m"), ["lama-15m", "llama-15m"] },
        { "an unknown scheme", Good.Replace("random:llama-15m", "ftp:x"), ["ftp", "random"] },
        { "a bundled model", Good.Replace("random:llama-15m", "bundled:edge-reff"), ["bundled model 'edge-reff'", "Did you mean 'edge-ref'?"] },
        { "a missing data file", Good.Replace("scenario: single-stream, prompt: 8, generate: 4", "task: perplexity, data: absent.txt"), ["absent.txt"] },
        { "a missing adapter", Good.Replace("[llamacpp]", "{ managed: { lora: [ { path: absent.gguf } ] } }"), ["absent.gguf", "backends.managed"] },
        { "an adapter that is only a name", Good.Replace("[llamacpp]", "{ managed: { lora: style.gguf } }"), ["backends.managed.lora", "a map with path, scale"] },
        { "a bad test name", Good.Replace("prompt: 8, generate: 4", "tests: [pq512]"), ["pq512"] },
        { "an empty list", Good.Replace("[llamacpp]", "[]"), ["backends"] },
        { "an empty file", "", ["bench.yaml"] },
    };

    [Theory]
    [MemberData(nameof(Configurations))]
    public async Task A_bad_configuration_is_refused(string what, string yaml, string[] expected)
    {
        using CommandLine line = new();
        line.Write("bench.yaml", yaml);
        CommandResult result = await line.RunAsync("run");
        AssertRefused(line, result, what);
        foreach (string word in expected) Assert.Contains(word, result.Error);
    }

    [Fact]
    public async Task All_problems_are_reported_together()
    {
        using CommandLine line = new();
        line.Write("bench.yaml", Good.Replace("prompt: 8", "prompt: many").Replace("llamacpp", "lamacpp").Replace("sessions: 1", "sessions: 0"));
        CommandResult result = await line.RunAsync("run");
        AssertRefused(line, result, "three problems");
        foreach (string word in new[] { "many", "lamacpp", "sessions" }) Assert.Contains(word, result.Error);
    }

    [Fact]
    public async Task An_alias_bomb_is_refused_at_once()
    {
        using CommandLine line = new();
        string bomb = "a0: &a0 [x,x,x,x,x,x,x,x,x]\n" + string.Concat(Enumerable.Range(1, 9).Select(i =>
            $"a{i}: &a{i} [{string.Join(',', Enumerable.Repeat($"*a{i - 1}", 9))}]\n"));
        line.Write("bench.yaml", bomb + Good);
        AssertRefused(line, await line.RunAsync("run"), "alias bomb");
    }

    public static TheoryData<string, byte[]> Models => new()
    {
        { "text", "It was the best of times, it was the worst of times.\n"u8.ToArray() },
        { "empty", [] },
        { "magic only", "GGUF"u8.ToArray() },
        { "absurd tensor count", [.. "GGUF"u8, 3, 0, 0, 0, 255, 255, 255, 255, 255, 255, 255, 127, 0, 0, 0, 0, 0, 0, 0, 0] },
        { "absurd metadata count", [.. "GGUF"u8, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 255, 255, 255, 255, 255, 255, 255] },
        { "a version of the future", [.. "GGUF"u8, 99, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0] },
    };

    [Theory]
    [MemberData(nameof(Models))]
    public async Task A_file_that_is_no_model_is_refused(string what, byte[] content)
    {
        using CommandLine line = new();
        File.WriteAllBytes(line["model.gguf"], content);
        line.Write("bench.yaml", Good.Replace("random:llama-15m", "file:model.gguf"));
        CommandResult result = await line.RunAsync("run");
        AssertRefused(line, result, what);
        Assert.Contains("model.gguf", result.Error);
    }

    [Fact]
    public async Task A_missing_configuration_names_the_file_and_the_remedy()
    {
        using CommandLine line = new();
        CommandResult result = await line.RunAsync("run", "other.yaml");
        AssertRefused(line, result, "missing file");
        Assert.Contains("other.yaml", result.Error);
    }

    [Theory]
    [InlineData("--bogus")]
    [InlineData("--set", "models.m=")]
    [InlineData("--set", "nonsense")]
    [InlineData("--set", "workloads.v.threads=2")]
    [InlineData("--filter", "recipe=")]
    [InlineData("--filter", "reciep=fp16")]
    [InlineData("--filter", "(recipe=fp16")]
    public async Task Wrong_flags_are_refused(params string[] flags)
    {
        using CommandLine line = new();
        line.Write("bench.yaml", Good);
        AssertRefused(line, await line.RunAsync(["run", .. flags]), string.Join(' ', flags));
    }

    [Fact]
    public async Task An_output_folder_that_cannot_be_made_is_refused()
    {
        using CommandLine line = new();
        line.Write("bench.yaml", Good);
        line.Write("occupied", "a file where the folder should be");
        CommandResult result = await line.RunAsync("run", "--out", line["occupied"]);
        AssertRefused(line, result, "output");
        Assert.Contains("--out", result.Error);
    }

    [Fact]
    public async Task A_report_of_nothing_is_refused()
    {
        using CommandLine line = new();
        AssertRefused(line, await line.RunAsync("report", "absent"), "no run");
    }

    private static void AssertRefused(CommandLine line, CommandResult result, string what)
    {
        Assert.True(result.ExitCode == 2, $"{what}: exit code {result.ExitCode}\n{result.Output}\n{result.Error}");
        Assert.NotEqual("", result.Error);
        Assert.DoesNotContain("   at EdgeBench", result.Error);
        Assert.False(Directory.Exists(Path.Combine(line.Folder, "runs")), $"{what}: something was written");
        Assert.False(Directory.Exists(Path.Combine(line.Cache, "artifacts")), $"{what}: an artifact was written");
    }
}
