using EdgeBench.Core.Runs;
using EdgeBench.Running.Journal;

namespace EdgeBench.Cli.Tests.Slurm;

/// <summary>A run on a node that a real Slurm controller hands out.</summary>
[Collection(nameof(SlurmCluster))]
public class SlurmRunTests(SlurmCluster cluster)
{
    private const string Bench = """
        name: tiny
        models:
          m:
            source: "random:"
            shape: { layers: 2, width: 64, heads: 2, kv_heads: 1, ffn: 96, vocabulary: 320, context: 128, tied_embeddings: true }
        recipes: { int8: [ { ptq: { weights: q8_0 } } ] }
        backends: [onnxruntime]
        devices:
          board: { launcher: { slurm: { partition: boards, wait: 60s, folder: "FOLDER" } } }
        workloads: { w: { scenario: single-stream, prompt: 8, generate: 4 } }
        measure: { sessions: 2, min_samples: 3, min_duration: 10ms, seed: 1 }
        """;

    [Fact]
    public async Task Trials_run_on_a_node_with_a_cache_of_its_own_and_the_job_ends_with_the_run()
    {
        cluster.Require();
        using CommandLine line = new();
        line.Write("bench.yaml", Bench.Replace("FOLDER", line["node"], StringComparison.Ordinal));
        CommandResult run = await line.RunAsync("run", "--no-report");
        Assert.True(run.ExitCode == 0, run.Output + run.Error);
        Assert.Contains("1 of 1 planned cells", run.Output);
        StoredRun stored = RunJournal.ReadOnly(Path.Combine(line.Folder, "runs", "tiny", RunJournal.FileName));
        Assert.All(Assert.Single(stored.Cells).Trials, trial => Assert.Null(trial.Outcome.Failure));
        // The model went there over the agent's streams.
        Assert.NotEmpty(Directory.GetFiles(line["node"], "model.onnx", SearchOption.AllDirectories));
        Assert.Equal("", await QueueAsync());
    }

    [Fact]
    public async Task A_partition_that_is_not_there_is_told_in_Slurms_own_words()
    {
        cluster.Require();
        using CommandLine line = new();
        line.Write("bench.yaml", Bench.Replace("partition: boards", "partition: nowhere", StringComparison.Ordinal).Replace("FOLDER", line["node"], StringComparison.Ordinal));
        CommandResult run = await line.RunAsync("run", "--no-report");
        Assert.Equal(5, run.ExitCode);
        Assert.Contains("invalid partition specified: nowhere", run.Error, StringComparison.Ordinal);
    }

    // Slurm takes a moment to notice that a step has ended.
    private static async Task<string> QueueAsync()
    {
        string jobs = "";
        for (int i = 0; i < 50; i++)
        {
            using System.Diagnostics.Process squeue = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo("squeue", ["-h", "-t", "running,pending"]) { RedirectStandardOutput = true })!;
            jobs = await squeue.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
            if (jobs.Length == 0) break;
            await Task.Delay(200, TestContext.Current.CancellationToken);
        }
        return jobs;
    }
}
