using System.Text.Json;
using EdgeBench.Core.Runs;
using EdgeBench.Running.Journal;

namespace EdgeBench.Cli.Tests;

/// <summary>Whole runs on a tiny model with random weights: what is measured, resumed, reported, and how the command ends.</summary>
public class RunTests
{
    internal const string Bench = """
        name: tiny
        models:
          m:
            source: "random:"
            shape: { layers: 2, width: 64, heads: 2, kv_heads: 1, ffn: 96, vocabulary: 320, context: 128, tied_embeddings: true }
        recipes: { fp16: [], int8: [ { ptq: { weights: q8_0 } } ] }
        backends: [llamacpp]
        workloads: { w: { scenario: single-stream, prompt: 8, generate: 4 } }
        measure: { sessions: 1, min_samples: 3, min_duration: 10ms, seed: 1 }
        """;

    private static StoredRun Stored(CommandLine line) => RunJournal.ReadOnly(Path.Combine(line.Folder, "runs", "tiny", RunJournal.FileName));

    private static async Task<CommandResult> RunAsync(CommandLine line, params string[] flags) => await line.RunAsync(["run", "--no-report", .. flags]);

    [Fact]
    public async Task A_run_measures_every_cell_and_its_reports_come_from_the_journal_alone()
    {
        CommandLine.RequireLlamaCpp();
        using CommandLine line = new();
        line.Write("bench.yaml", Bench);
        CommandResult run = await line.RunAsync("run");
        Assert.True(run.ExitCode == 0, run.Output + run.Error);
        Assert.Contains("2 of 2 planned cells", run.Output);

        StoredRun stored = Stored(line);
        Assert.All(stored.Cells, cell => Assert.All(cell.ExpectedMetrics, metric => Assert.Contains(metric, cell.Trials.Single().Outcome.Series.Select(series => series.Metric))));
        Assert.All(stored.Cells, cell => Assert.InRange(cell.Trials.Single().Outcome.Series.Single(series => series.Metric == "decode_tok_s").Values.Length, 3, 100_000));

        File.Delete(line["bench.yaml"]);
        string elsewhere = line["reports"];
        CommandResult report = await line.RunAsync("report", Path.Combine("runs", "tiny"), "--out", elsewhere);
        Assert.True(report.ExitCode == 0, report.Error);
        foreach (string file in new[] { "cells.csv", "samples.csv", "report.md", "report.html" }) Assert.True(File.Exists(Path.Combine(elsewhere, file)), file);
        Assert.Contains("Random weights", await File.ReadAllTextAsync(Path.Combine(elsewhere, "report.md"), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_second_run_measures_nothing_a_changed_one_only_what_changed_and_a_fresh_one_all()
    {
        CommandLine.RequireLlamaCpp();
        using CommandLine line = new();
        line.Write("bench.yaml", Bench);
        Assert.Equal(0, (await RunAsync(line)).ExitCode);
        string first = Id(line, "int8");

        CommandResult again = await RunAsync(line);
        Assert.Contains("2 trials, 2 already measured", again.Error);
        Assert.Equal(first, Id(line, "int8"));

        line.Write("bench.yaml", Bench.Replace("fp16: []", "fp16: [ { convert: { weights: f32 } } ]"));
        CommandResult changed = await RunAsync(line);
        Assert.Contains("2 trials, 1 already measured", changed.Error);
        Assert.Equal(first, Id(line, "int8"));

        CommandResult more = await RunAsync(line, "--set", "measure.sessions=2");
        Assert.Contains("4 trials, 2 already measured", more.Error);

        Assert.Contains("2 trials, 0 already measured", (await RunAsync(line, "--fresh")).Error);
        Assert.NotEqual(first, Id(line, "int8"));
    }

    [Fact]
    public async Task A_backend_that_is_not_there_is_a_typed_failure_with_its_remedy_and_exit_code_4()
    {
        using CommandLine line = new();
        line.Write("bench.yaml", Bench.Replace("[llamacpp]", "{ llamacpp: { path: nowhere } }"));
        CommandResult run = await RunAsync(line);
        Assert.Equal(4, run.ExitCode);
        Assert.Contains("no valid measurement: m/fp16/llamacpp/local/w", run.Output);
        Assert.Contains("not installed", run.Output);
        Assert.Equal(0, (await RunAsync(line, "--allow-missing")).ExitCode);
    }

    [Fact]
    public async Task Two_names_for_one_recipe_are_both_shown()
    {
        CommandLine.RequireLlamaCpp();
        using CommandLine line = new();
        line.Write("bench.yaml", Bench.Replace("fp16: []", "q8: [ ptq ]"));
        CommandResult run = await RunAsync(line);
        Assert.True(run.ExitCode == 0, run.Output + run.Error);
        Assert.Equal(["q8", "int8"], Stored(line).Cells.Select(cell => cell.Recipe));
        Assert.Contains("2 of 2 planned cells", run.Output);
    }

    [Fact]
    public async Task A_recipe_called_stored_is_what_it_says_and_not_the_checkpoint()
    {
        CommandLine.RequireLlamaCpp();
        using CommandLine line = new();
        line.Write("bench.yaml", Bench.Replace("fp16: []", "stored: [ { ptq: { weights: q4_0 } } ], reference: [ { ptq: { weights: q4_0 } } ]"));
        Assert.Equal(0, (await RunAsync(line)).ExitCode);
        foreach (string name in new[] { "stored", "reference" })
            Assert.Contains(Stored(line).Cells.Single(cell => cell.Recipe == name).Artifact!.Types, type => type.Type == "Q4_0");
    }

    [Fact]
    public async Task Quality_on_random_weights_is_excluded_with_the_reason()
    {
        using CommandLine line = new();
        line.Write("text.txt", "some text");
        line.Write("bench.yaml", Bench.Replace("workloads: {", "workloads: { q: { task: perplexity, data: text.txt },"));
        CommandResult plan = await line.RunAsync("plan", "--format", "json");
        using JsonDocument json = JsonDocument.Parse(plan.Output);
        Assert.Contains("random weights have no accuracy", plan.Output);
        Assert.Equal(2, json.RootElement.GetProperty("excluded").GetArrayLength());
    }

    [Fact]
    public async Task A_partly_applied_recipe_is_visible_as_such()
    {
        CommandLine.RequireLlamaCpp();
        using CommandLine line = new();
        // 80 feed-forward columns do not divide into blocks of 32: ffn_down falls back.
        line.Write("bench.yaml", Bench.Replace("ffn: 96", "ffn: 80"));
        CommandResult run = await line.RunAsync("run");
        Assert.True(run.ExitCode == 0, run.Output + run.Error);
        Assert.Equal(Core.Artifacts.Applied.Partly, Stored(line).Cells.Single(cell => cell.Recipe == "int8").Artifact!.Readback.Single().Applied);
        Assert.Contains("partly", await File.ReadAllTextAsync(line[Path.Combine("runs", "tiny", "report.md")], TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Two_runs_at_once_in_one_folder_are_told_apart()
    {
        using CommandLine line = new();
        line.Write("bench.yaml", Bench);
        Directory.CreateDirectory(line[Path.Combine("runs", "tiny")]);
        using Core.IO.ProcessLock? held = Core.IO.ProcessLock.TryAcquire(line[Path.Combine("runs", "tiny", "run.lock")]);
        CommandResult run = await RunAsync(line);
        Assert.Equal(5, run.ExitCode);
        Assert.Contains("another process", run.Error);
    }

    [Fact]
    public async Task A_run_on_onnxruntime_measures_exports_and_excludes_what_a_runtime_cannot_hold()
    {
        using CommandLine line = new();
        line.Write("bench.yaml", Bench.Replace("[llamacpp]", "{ llamacpp: {}, onnxruntime: { batch: 4 } }").Replace("int8: [ { ptq: { weights: q8_0 } } ]", "minima: [ { ptq: { weights: q5_1 } } ], kv: [ { kv_cache: {} } ], rows: [ { ptq: { weights: int8 } } ]"));
        CommandResult run = await RunAsync(line, "--filter", "backend=onnxruntime");
        Assert.True(run.ExitCode == 0, run.Output + run.Error);
        StoredRun stored = Stored(line);
        Assert.Equal(["fp16", "minima", "rows"], stored.Cells.Select(cell => cell.Recipe).Order());
        Assert.All(stored.Cells, cell => Assert.Equal("onnx", cell.Artifact!.Format));
        Assert.All(stored.Cells, cell => Assert.All(cell.ExpectedMetrics, metric => Assert.Contains(metric, cell.Trials.Single().Outcome.Series.Select(series => series.Metric))));

        CommandResult plan = await line.RunAsync("plan");
        Assert.Contains("keeps keys and values in float32", plan.Output);
        Assert.Contains("int8 rows", plan.Output);
    }

    [Fact]
    public async Task Two_runtimes_score_the_same_tokens_against_one_reference()
    {
        CommandLine.RequireLlamaCpp();
        string model = Testing.RepositoryFiles.Shared("models/stories260k/stories260K-F16.gguf"), text = Testing.RepositoryFiles.Shared("data/tinystories-a.txt");
        using CommandLine line = new();
        line.Write("bench.yaml", $$"""
            name: tiny
            models: { m: "file:{{model}}" }
            recipes: { fp16: [], int8: [ { ptq: { weights: q8_0 } } ] }
            backends: [llamacpp, onnxruntime]
            workloads: { q: { task: perplexity, data: "{{text}}", context: 128, chunks: 4, threads: 1 } }
            """);
        CommandResult run = await RunAsync(line);
        Assert.True(run.ExitCode == 0, run.Output + run.Error);
        StoredRun stored = Stored(line);
        double Value(string recipe, string backend, string metric) => stored.Cells.Single(cell => cell.Recipe == recipe && cell.Backend == backend).Trials.Single()
            .Outcome.Series.Single(series => series.Metric == metric).Values.Average();
        Assert.Single(stored.Cells.Select(cell => cell.Reference!.Id).Distinct());
        Assert.All(stored.Cells, cell => Assert.Equal(cell.Backend == "onnxruntime" ? "llamacpp" : null, cell.ReferenceBackend));
        Assert.InRange(Value("fp16", "onnxruntime", "token_kl"), 1e-12, 1e-4);
        Assert.InRange(Value("int8", "onnxruntime", "token_kl"), 1e-6, 1e-2);
        Assert.InRange(Value("fp16", "onnxruntime", "token_nll") / Value("fp16", "llamacpp", "token_nll"), 0.999, 1.001);
    }

    [Fact]
    public async Task Compress_writes_a_file_that_shows_what_was_done()
    {
        using CommandLine line = new();
        line.Write("bench.yaml", Bench);
        CommandResult made = await line.RunAsync("compress", "random:llama-15m", "--recipe", "[{ ptq: { weights: q4_0 } }]", "-o", "small.gguf");
        Assert.True(made.ExitCode == 0, made.Error);
        CommandResult inspected = await line.RunAsync("models", "inspect", "small.gguf", "--format", "json");
        Assert.Contains("Q4_0", inspected.Output);

        CommandResult wrong = await line.RunAsync("compress", "random:llama-15m", "--recipe", "[{ ptq: { weights: q5_2 } }]", "-o", "none.gguf");
        Assert.Equal(2, wrong.ExitCode);
        Assert.False(File.Exists(line["none.gguf"]));
    }

    private static string Id(CommandLine line, string recipe) => Stored(line).Cells.Single(cell => cell.Recipe == recipe).Trials[0].TrialId;
}
