using EdgeBench.Core.Metrics;
using EdgeBench.Core.Runs;

namespace EdgeBench.Statistics.Judging;

/// <summary>Whether the peaks that a kernel is held against were of a moment as quiet as its own.</summary>
internal static class KernelFindings
{
    // Memory's own speed moves by some per cent between passes.
    private const double MostShare = 1.1;

    public static void Add(StoredCell cell, Findings findings)
    {
        if (cell.WorkloadType != KernelFigures.WorkloadType) return;
        if (Estimator.Estimate(MetricRegistry.RoofShare, cell.Trials) is { Value: > MostShare } share)
            findings.Semivalid($"it reached {share.Value:0.00} of its roof: others kept the machine busy while the peaks were probed");
    }
}
