using EdgeBench.Core.Metrics;
using EdgeBench.Core.Trials;

namespace EdgeBench.KernelBenchmarks.Measuring;

/// <summary>A kernel's measured stretches as series of its metrics.</summary>
internal static class KernelOutcome
{
    /// <param name="nanoseconds">Of one call in each measured stretch, and of all calls of the stretch.</param>
    public static IReadOnlyList<Series> Series(KernelTrial trial, IReadOnlyList<(double OfCall, double OfStretch)> nanoseconds)
    {
        double[] times = [.. nanoseconds.Select(stretch => stretch.OfCall / 1000)];
        double[] operations = [.. nanoseconds.Select(stretch => trial.Operations / stretch.OfCall)];
        double[] bytes = [.. nanoseconds.Select(stretch => trial.Bytes / stretch.OfCall)];
        // Stretches follow one another with little between.
        double at = 0;
        double[] ends = [.. nanoseconds.Select(stretch => at += stretch.OfStretch / 1e9)];
        int[] repetitions = [.. Enumerable.Range(0, times.Length)];
        Series Of(Metric metric, double[] values) => new(metric.Name, values, ends, repetitions);
        List<Series> series = [Of(MetricRegistry.KernelTime, times), Of(MetricRegistry.OperationRate, operations), Of(MetricRegistry.ByteRate, bytes)];
        if (Roof(trial) is { } roof) series.Add(Of(MetricRegistry.RoofShare, [.. operations.Select(rate => rate / roof)]));
        return series;
    }

    /// <summary>GOP/s that the kernel could reach at most; null where the compute peak, or of weights from memory the bandwidth, was not probed.</summary>
    public static double? Roof(KernelTrial trial)
    {
        if (trial.Roof?.Split(' ')[0] is not { } kind) return null;
        double compute = Best(trial, kind), read = Best(trial, KernelFigures.Read);
        if (!trial.Case.Streams) return compute;
        return read > 0 ? Math.Min(compute, read * trial.Operations / trial.Bytes) : null;
    }

    private static double Best(KernelTrial trial, string kind) => KernelFigures.Moments.Max(moment => trial.Conditions.GetValueOrDefault(KernelFigures.Peak(kind, moment)));
}
