using EdgeBench.Core.Metrics;
using EdgeBench.Core.Runs;
using EdgeBench.Core.Trials;
using EdgeBench.Testing;

namespace EdgeBench.Reports.Tests;

/// <summary>Runs of whole graphs and of token workloads on a metered device.</summary>
internal static class MeteredRuns
{
    public static StoredRun Inferences() => StoredRuns.Run("inferences",
    [
        Inference("fp16", "trtexec", Times(1.9, 0.05)), Inference("int8", "trtexec", Times(1.1, 0.02)),
        Inference("int8", "coral", Told("inference_mean", 2.6), Told("inference_p50", 2.45), Told("inference_p95", 3.1)),
        Inference("fp16", "ort", Told("inference_mean", 4.2), Told("inference_p50", 4.1), Told("inference_p90", 4.6), Told("inference_p95", 4.8), Told("inference_p99", 5.9)),
        Inference("fp16", "coral"),
    ]);

    /// <summary>Three recipes with a meter, of which one gave no figure, and a fourth without one.</summary>
    public static StoredRun Tokens()
    {
        EnergyMetrics wall = EnergyMetrics.Of(EnergyBoundary.Wall);
        StoredCell cell = StoredRuns.SpeedCell();
        StoredCell Metered(string recipe, double watts, double joules) => With(cell, recipe, (trial, session) => Add(trial, wall,
            Series.Single(wall.PerToken.Name, joules * (1 + (0.02 * session)), 5), Series.Single(wall.PerInference.Name, 128 * joules * (1 + (0.02 * session)), 5),
            Series.Single(wall.MeanPower.Name, watts * (1 + (0.01 * session)), 5), Series.Single(wall.PeakPower.Name, watts * 1.4, 5)));
        StoredCell silent = With(cell, "int4-gptq", (trial, _) => Add(trial, wall) is var added ? added with
        {
            Outcome = added.Outcome with { Facts = new Dictionary<string, string>(added.Outcome.Facts) { [EnergyFacts.Missing(wall.Boundary)] = "2.1 s of 5.0 s lie in gaps between readings (42%, limit 5%)" } },
        } : trial);
        return StoredRuns.Run("tokens", [Metered("fp16", 6.1, 0.061), Metered("int8", 5.4, 0.036), silent, With(cell, "int4", (trial, _) => trial)]);
    }

    /// <summary>Ten minutes of which each is slower than the one before.</summary>
    public static StoredRun Sustained() => StoredRuns.Run("sustained",
    [
        With(StoredRuns.SpeedCell(1), "int8", (trial, _) => trial with
        {
            Outcome = trial.Outcome with
            {
                Series = [new("sustained_tok_s", [.. Enumerable.Range(0, 10).Select(minute => 200 - (4.0 * minute))], [.. Enumerable.Range(1, 10).Select(minute => 60.0 * minute)], [.. Enumerable.Range(0, 10)]),
                    Series.Single("sustained_share", 0.82, 600)],
            },
        }) with { WorkloadType = "sustained", Test = "pp128+tg64 for 10 min", ExpectedMetrics = ["sustained_tok_s", "sustained_share"], PlannedTrials = 1, MinSamples = 1, MinDuration = 0 },
    ]);

    private static StoredCell Inference(string recipe, string backend, params Series[] series) => With(StoredRuns.SpeedCell(), recipe, (trial, _) => trial with
    {
        Outcome = trial.Outcome with { Series = series, Facts = new Dictionary<string, string> { [ImportedFigures.Tool] = backend, [ImportedFigures.Samples] = "raw", [ImportedFigures.Repetitions] = "400", [ImportedFigures.Seconds] = "3" } },
    }) with
    {
        Key = $"{recipe}/{backend}",
        Id = $"{recipe}/{backend}",
        Backend = backend,
        Workload = "whole",
        WorkloadType = "inference",
        Test = "inference",
        ExpectedMetrics = backend == "trtexec" ? ["inference"] : ["inference_mean"],
    };

    private static Series Times(double milliseconds, double spread) => new("inference",
        [.. Enumerable.Range(0, 400).Select(i => milliseconds + (spread * ((i * 7919 % 400) / 100.0)) + (i % 97 == 0 ? milliseconds : 0))], [.. Enumerable.Repeat(5.0, 400)], [.. Enumerable.Range(0, 400)]);

    private static Series Told(string metric, double milliseconds) => Series.Single(metric, milliseconds, 5);

    private static StoredCell With(StoredCell cell, string recipe, Func<StoredTrial, int, StoredTrial> change) =>
        cell with { Key = recipe, Id = recipe, Recipe = recipe, Trials = [.. cell.Trials.Select(change)] };

    private static StoredTrial Add(StoredTrial trial, EnergyMetrics metrics, params Series[] series) => trial with
    {
        Outcome = trial.Outcome with
        {
            Series = [.. trial.Outcome.Series, .. series],
            Facts = new Dictionary<string, string>(trial.Outcome.Facts) { [EnergyFacts.Meter(metrics.Boundary)] = "shelly: plug", [EnergyFacts.Seconds(metrics.Boundary)] = "12" },
        },
    };
}
