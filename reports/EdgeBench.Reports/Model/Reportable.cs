using EdgeBench.Core.Cells;
using EdgeBench.Core.Metrics;

namespace EdgeBench.Reports.Model;

/// <summary>Which metrics may be shown for which tier.</summary>
internal static class Reportable
{
    /// <summary>Anything that depends on how fast the device is.</summary>
    public static bool IsSpeed(Metric metric) => metric.Unit is "tok/s" or "ms" or "s" || metric == MetricRegistry.SustainedShare;

    /// <summary>An emulator's speed says nothing about the device.</summary>
    public static bool Reading(Metric metric, Tier tier) => tier != Tier.Emulated || !IsSpeed(metric);

    /// <summary>Raw per-token readings are context, not figures.</summary>
    public static bool Figure(Metric metric, Tier tier) => metric.Direction != Direction.Neutral && Reading(metric, tier);
}
