using EdgeBench.Core.Cells;
using EdgeBench.Core.Runs;
using EdgeBench.Core.Trials;
using EdgeBench.Running.Journal;
using EdgeBench.Statistics.Judging;

namespace EdgeBench.Cli.Tests;

/// <summary>Whole runs by a program outside of the process, from the plan to the report.</summary>
public class ExternalRunTests
{
    private const string Bench = """
        name: outside
        models:
          m:
            source: "random:"
            shape: { layers: 2, width: 64, heads: 2, kv_heads: 1, ffn: 96, vocabulary: 320, context: 128, tied_embeddings: true }
        recipes: { fp16: [] }
        backends:
          mine:
            type: external
            tool: json-lines
            seconds: took
            figures: [ { path: rate, metric: decode_tok_s, unit: tok/s, definition: tokens over the time of one round } ]
          graph: { type: external, tool: trtexec }
        workloads: { w: { scenario: single-stream, generate: 4 }, g: { scenario: inference } }
        measure: { sessions: 2, min_samples: 3, min_duration: 10ms, seed: 1 }
        """;

    [Fact]
    public async Task A_programs_figures_are_planned_measured_and_reported_with_their_definition()
    {
        using CommandLine line = new();
        line.Write("bench.yaml", Bench);
        Allow(line, "i=0; while [ $i -lt $2 ]; do i=$((i+1)); echo \"{\\\"rate\\\": 10$i, \\\"took\\\": 0.1}\"; done; sleep 0.4");
        CommandResult listed = await line.RunAsync("backends", "list");
        Assert.Contains("external  programs that this machine allows: json-lines", listed.Output, StringComparison.Ordinal);

        CommandResult run = await line.RunAsync("run", "--filter", "backend=mine and workload=w");
        Assert.True(run.ExitCode == 0, run.Output + run.Error);
        StoredCell cell = Stored(line).Cells.Single();
        Assert.Equal(["decode_tok_s", "file_bytes", "peak_rss", "weight_bytes"], cell.ExpectedMetrics.Order());
        Assert.All(cell.Trials, trial => Assert.Equal([101, 102, 103], trial.Outcome.Series.Single(series => series.Metric == "decode_tok_s").Values));
        ValidityVerdict verdict = ValidityRules.Judge(cell);
        Assert.NotEqual(Validity.Invalid, verdict.Validity);
        Assert.Contains("decode_tok_s by json-lines: tokens over the time of one round", verdict.Reasons);
        Assert.Contains("tokens over the time of one round", await File.ReadAllTextAsync(line["runs/outside/report.md"], TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_program_cannot_measure_is_excluded_with_the_reason()
    {
        using CommandLine line = new();
        line.Write("text.txt", "words");
        line.Write("bench.yaml", Bench.Replace("g: { scenario: inference }", "g: { scenario: inference }, q: { task: perplexity, data: text.txt }", StringComparison.Ordinal)
            .Replace("backends:\n", "backends:\n  llamacpp: {}\n", StringComparison.Ordinal));
        CommandResult plan = await line.RunAsync("plan", "--format", "json");
        Assert.True(plan.ExitCode == 0, plan.Error);
        foreach (string reason in new[] { "trtexec runs a whole graph", "speed only", "one inference of a whole graph is measured by programs" }) Assert.Contains(reason, plan.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_program_that_is_not_allowed_is_a_typed_failure_with_what_to_write()
    {
        using CommandLine line = new();
        line.Write("bench.yaml", Bench);
        CommandResult run = await line.RunAsync("run", "--no-report", "--filter", "backend=mine and workload=w");
        Assert.Equal(4, run.ExitCode);
        TrialFailure failure = Stored(line).Cells.Single().Trials[0].Outcome.Failure!;
        Assert.Equal(FailureKind.BackendMissing, failure.Kind);
        Assert.Contains("external.json", failure.Remedy, StringComparison.Ordinal);
    }

    private static StoredRun Stored(CommandLine line) => RunJournal.ReadOnly(Path.Combine(line.Folder, "runs", "outside", RunJournal.FileName));

    private static void Allow(CommandLine line, string body)
    {
        string script = line["script"], list = Path.Combine(line.Cache, "external.json");
        File.WriteAllText(script, $"#!/bin/sh\n{body}\n");
        File.WriteAllText(list, $$"""{ "json-lines": { "path": "{{script}}", "arguments": ["{model}", "{repetitions}", "{generate}"] } }""");
        if (OperatingSystem.IsWindows()) return;
        File.SetUnixFileMode(script, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        File.SetUnixFileMode(list, UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }
}
