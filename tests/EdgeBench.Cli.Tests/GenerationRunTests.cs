using EdgeBench.Core.Runs;
using EdgeBench.Core.Trials;
using EdgeBench.Running.Journal;
using EdgeBench.Testing;

namespace EdgeBench.Cli.Tests;

/// <summary>Whole runs in which the model writes: with a draft, without, and on another runtime.</summary>
public class GenerationRunTests
{
    private const string Bench = """
        name: writing
        models: { m: "file:MODEL" }
        recipes: { fp16: [] }
        backends:
          plain: { type: managed }
          drafted: { type: managed, draft: "MODEL", draft_tokens: 3 }
        workloads:
          text: { scenario: generation, data: "TEXT", prompt: 32, generate: 32, prompts: 3 }
          w: { scenario: single-stream, prompt: 8, generate: 4 }
        measure: { sessions: 1, min_samples: 3, min_duration: 10ms, seed: 1 }
        """;

    private static string Written => Bench.Replace("MODEL", RepositoryFiles.Shared("models/stories260k/stories260K-F16.gguf"), StringComparison.Ordinal)
        .Replace("TEXT", RepositoryFiles.Shared("data/tinystories-a.txt"), StringComparison.Ordinal);

    [Fact]
    public async Task A_draft_writes_the_models_own_text_and_is_excluded_where_there_is_none()
    {
        using CommandLine line = new();
        line.Write("bench.yaml", Written);
        CommandResult run = await line.RunAsync("run");
        Assert.True(run.ExitCode == 0, run.Output + run.Error);
        StoredRun stored = RunJournal.ReadOnly(Path.Combine(line.Folder, "runs", "writing", RunJournal.FileName));
        Assert.Contains("decodes tokens that are given", Assert.Single(stored.Excluded, cell => cell.Id.Contains("drafted", StringComparison.Ordinal)).Reason, StringComparison.Ordinal);

        TrialOutcome plain = Outcome("plain"), drafted = Outcome("drafted");
        Assert.Equal(plain.Facts["generated_sha256"], drafted.Facts["generated_sha256"]);
        Assert.Equal("stories260K-F16.gguf", drafted.Facts["draft"]);
        // The model drafts for itself: every guess is right.
        Assert.All(drafted.Series.Single(series => series.Metric == "draft_accepted").Values, share => Assert.Equal(1, share));
        Assert.All(drafted.Series.Single(series => series.Metric == "draft_speedup").Values, ratio => Assert.InRange(ratio, 0.01, 100));
        Assert.DoesNotContain(plain.Series, series => series.Metric.StartsWith("draft", StringComparison.Ordinal));
        Assert.Contains("speed-up by draft", await File.ReadAllTextAsync(line["runs/writing/report.md"], TestContext.Current.CancellationToken), StringComparison.Ordinal);

        TrialOutcome Outcome(string backend) => stored.Cells.Single(cell => cell.Backend == backend && cell.WorkloadType == "generation").Trials.Single().Outcome;
    }

    [Fact]
    public async Task Random_weights_write_no_text()
    {
        using CommandLine line = new();
        line.Write("text.txt", "some text");
        line.Write("bench.yaml", RunTests.Bench.Replace("workloads: {", "workloads: { q: { scenario: generation, data: text.txt },", StringComparison.Ordinal));
        CommandResult plan = await line.RunAsync("plan");
        Assert.Equal(0, plan.ExitCode);
        Assert.Contains("random weights write no text", plan.Output, StringComparison.Ordinal);
    }
}
