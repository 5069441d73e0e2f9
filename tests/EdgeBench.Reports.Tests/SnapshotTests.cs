using EdgeBench.Core.Artifacts;
using EdgeBench.Core.Runs;
using EdgeBench.Core.Trials;
using EdgeBench.Reports.Export;
using EdgeBench.Testing;

namespace EdgeBench.Reports.Tests;

public class SnapshotTests
{
    [Fact]
    public void The_summary_of_a_realistic_run_is_as_approved() => Compare("md", StoredRuns.Realistic(), ("report.md", "realistic.md"));

    [Fact]
    public void The_summary_of_random_weights_says_why_it_has_no_accuracy() => Compare("md", StoredRuns.RandomWeights(), ("report.md", "random.md"));

    [Fact]
    public void The_CSV_files_of_a_small_run_are_as_approved() => Compare("csv", Small(), ("cells.csv", "cells.csv"), ("trials.csv", "trials.csv"), ("samples.csv", "samples.csv"), ("tensors.csv", "tensors.csv"));

    // Written by hand, so that no mathematics library has a say in the digits.
    private static StoredRun Small()
    {
        StoredCell model = StoredRuns.SpeedCell(sessions: 1);
        Series rate = new("decode_tok_s", [50, 52, 51], [1, 2, 3], [0, 1, 2]), gaps = new("itl", [20, 19.5, 20.25, 19.75], [0.5, 1, 1.5, 2], [0, 0, 1, 1]);
        StoredCell speed = model with
        {
            PlannedTrials = 2,
            MinSamples = 3,
            MinDuration = 1,
            ExpectedMetrics = ["decode_tok_s", "itl", "peak_rss"],
            Trials = [Disturbed(StoredRuns.Trial(0, rate, gaps, Series.Single("peak_rss", 209_715_200, 3))), StoredRuns.Trial(1, rate, gaps, Series.Single("peak_rss", 219_715_200, 3))],
        };
        PassReadback partly = new("ptq", "weights q4_0", "q4_0 in 205 of 210 tensors", Applied.Partly)
        {
            Tensors = [new TensorError("blk.0.attn_q.weight", "q4_0", 0.0625, 0.03125), new TensorError("blk.0.ffn_down.weight", "f16", 0.0002, null, "172 columns do not divide by 32")],
        };
        StoredCell failed = speed with
        {
            Key = "k2",
            Id = "=cmd|' /C calc'!A0",
            Recipe = "-int4",
            Artifact = speed.Artifact! with { Readback = [partly] },
            Trials = [.. speed.Trials.Select(StoredRuns.Failed)],
        };
        return StoredRuns.Run("small", [speed, failed]) with { Excluded = StoredRuns.Realistic().Excluded };
    }

    private static StoredTrial Disturbed(StoredTrial trial) => trial with
    {
        HarnessVersion = "0.1.0",
        EarlierFailures = [new TrialFailure(FailureKind.OutOfMemory, "killed, at 512 MiB")],
        Outcome = trial.Outcome with
        {
            Conditions = new Dictionary<string, double> { ["other_cpu_share"] = 0.25, ["clock_mhz_before"] = 3100.5 },
            NotApplied = ["flash_attention: asked on, off in effect"],
            Warnings = ["peak_pss was not read"],
        },
    };

    private static void Compare(string format, StoredRun run, params (string File, string Approved)[] files)
    {
        using TemporaryFolder folder = new();
        ExporterRegistry.Write(run, [format], folder.Path);
        foreach ((string file, string approved) in files) Snapshot.Matches(approved, File.ReadAllText(folder.File(file)));
    }
}
