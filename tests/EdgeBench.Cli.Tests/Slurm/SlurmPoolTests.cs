using System.Diagnostics;
using EdgeBench.Core.Runs;
using EdgeBench.Running.Journal;

namespace EdgeBench.Cli.Tests.Slurm;

/// <summary>Trials as tasks of job arrays, with a real Slurm controller.</summary>
[Collection(nameof(SlurmCluster))]
public class SlurmPoolTests(SlurmCluster cluster)
{
    private const string Bench = """
        name: pool
        models:
          m:
            source: "random:"
            shape: { layers: 2, width: 64, heads: 2, kv_heads: 1, ffn: 96, vocabulary: 320, context: 128, tied_embeddings: true }
        recipes: { fp32: [], int8: [ { ptq: { weights: q8_0 } } ] }
        backends: [onnxruntime]
        devices:
          boards: { launcher: { slurm: { partition: boards, boards: 2, wait: 60s, folder: "FOLDER" } } }
        workloads: { w: { scenario: single-stream, prompt: 8, generate: 4 } }
        measure: { sessions: 2, min_samples: 3, min_duration: DURATION, seed: 1 }
        """;

    [Fact]
    public async Task An_array_measures_all_cells_and_nothing_of_it_is_left()
    {
        cluster.Require();
        using CommandLine line = New("10ms");
        CommandResult run = await line.RunAsync("run", "--no-report");
        Assert.True(run.ExitCode == 0, run.Output + run.Error);
        Assert.Contains("2 of 2 planned cells", run.Output);
        Assert.Contains("4 trials queued on 'boards', at most 2 at once", run.Output + run.Error, StringComparison.Ordinal);
        Assert.Equal(4, Succeeded(line).Length);
        Assert.All(Succeeded(line), trial => Assert.NotEmpty(trial.Outcome.Facts["board"]));
        Assert.Empty(Directory.GetDirectories(line["shared/batches"]));
        // The lease is the node's own, in a folder that several nodes share.
        Assert.NotEmpty(Directory.GetFiles(line["shared/nodes"], "lease.lock", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task Boards_go_on_without_a_controller_and_the_next_one_picks_their_work_up()
    {
        cluster.Require();
        using CommandLine line = New("1s");
        using (Process run = line.Start(["run", "--no-report"]))
        {
            _ = run.StandardOutput.ReadToEndAsync(Cancellation);
            _ = run.StandardError.ReadToEndAsync(Cancellation);
            await UntilAsync(() => Outcomes(line).Length > 0 || run.HasExited, "the first outcome");
            run.Kill();
            await run.WaitForExitAsync(Cancellation);
        }
        int journalled = Succeeded(line).Length;
        Assert.True(journalled < 4, "the run was over before it could be killed");
        await UntilAsync(() => Outcomes(line).Length == 4, "the outcomes of the boards that work alone");

        CommandResult again = await line.RunAsync("run", "--no-report");
        Assert.True(again.ExitCode == 0, again.Output + again.Error);
        Assert.Contains($"an earlier command has queued 4 trials on 'boards': 4 outcomes picked up, 0 still to come", again.Output + again.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("trials queued on", again.Output + again.Error, StringComparison.Ordinal);
        Assert.Equal(4, Succeeded(line).Select(trial => trial.TrialId).Distinct().Count());
        Assert.Equal(4, Succeeded(line).Length);
        Assert.Empty(Directory.GetDirectories(line["shared/batches"]));
    }

    [Fact]
    public async Task A_task_that_is_cancelled_is_lost_and_queued_once_more()
    {
        cluster.Require();
        using CommandLine line = New("1s");
        using Process run = line.Start(["run", "--no-report"]);
        Task<string> output = run.StandardOutput.ReadToEndAsync(Cancellation), errors = run.StandardError.ReadToEndAsync(Cancellation);
        await UntilAsync(() => Outcomes(line).Length > 0 || run.HasExited, "the first outcome");
        string batch = Path.GetFileName(Directory.GetDirectories(line["shared/batches"]).Single());
        using (Process scancel = Process.Start("scancel", ["--name", batch])) await scancel.WaitForExitAsync(Cancellation);
        await run.WaitForExitAsync(Cancellation);
        Assert.True(run.ExitCode == 0, await output + await errors);
        Assert.Contains("left the queue without an outcome", await output + await errors, StringComparison.Ordinal);
        Assert.Equal(4, Succeeded(line).Length);
    }

    [Fact]
    public async Task Nodes_build_artifacts_into_the_cache_that_they_share()
    {
        cluster.Require();
        using CommandLine line = New("10ms");
        string[] on = ["build", "--set", $"devices.boards.launcher.slurm.folder={line.Folder}", "--on", line["farm.yaml"]];
        line.Write("farm.yaml", $$"""launcher: { slurm: { partition: boards, boards: 1, folder: "{{line.Folder}}" } }""");
        CommandResult built = await line.RunAsync(on);
        Assert.True(built.ExitCode == 0, built.Output + built.Error);
        Assert.Contains("2 artifacts queued on 'farm', at most 1 at once", built.Error, StringComparison.Ordinal);
        Assert.Contains("2 of 2 artifacts are in the cache.", built.Output, StringComparison.Ordinal);
        Assert.Equal(2, Directory.GetFiles(Path.Combine(line.Cache, "artifacts"), "model.onnx", SearchOption.AllDirectories).Length);
        Assert.Empty(Directory.GetDirectories(line["batches"]));
        // What is there already goes nowhere.
        CommandResult again = await line.RunAsync(on);
        Assert.Equal(0, again.ExitCode);
        Assert.DoesNotContain("queued", again.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_pool_that_does_not_see_the_cache_builds_nothing()
    {
        using CommandLine line = New("10ms");
        line.Write("farm.yaml", $$"""launcher: { slurm: { boards: 1, folder: "{{line["shared"]}}" } }""");
        CommandResult refused = await line.RunAsync("build", "--on", line["farm.yaml"]);
        Assert.Equal(2, refused.ExitCode);
        Assert.Contains("the cache folder", refused.Error, StringComparison.Ordinal);
        Assert.Contains("EDGEBENCH_CACHE", refused.Error, StringComparison.Ordinal);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static CommandLine New(string duration)
    {
        CommandLine line = new();
        Directory.CreateDirectory(line["shared"]);
        line.Write("bench.yaml", Bench.Replace("FOLDER", line["shared"], StringComparison.Ordinal).Replace("DURATION", duration, StringComparison.Ordinal));
        return line;
    }

    private static string[] Outcomes(CommandLine line)
    {
        try
        {
            return Directory.Exists(line["shared/batches"]) ? Directory.GetFiles(line["shared/batches"], "*.json", SearchOption.AllDirectories).Where(file => file.Contains("/outcomes/", StringComparison.Ordinal)).ToArray() : [];
        }
        catch (DirectoryNotFoundException)
        {
            return [];
        }
    }

    private static StoredTrial[] Succeeded(CommandLine line)
    {
        StoredRun stored = RunJournal.ReadOnly(Path.Combine(line.Folder, "runs", "pool", RunJournal.FileName));
        return [.. stored.Cells.SelectMany(cell => cell.Trials).Where(trial => trial.Outcome.Failure is null)];
    }

    private static async Task UntilAsync(Func<bool> holds, string what)
    {
        Stopwatch watch = Stopwatch.StartNew();
        while (!holds())
        {
            Assert.True(watch.Elapsed.TotalSeconds < 120, $"{what}: not within two minutes");
            await Task.Delay(20, Cancellation);
        }
    }
}
