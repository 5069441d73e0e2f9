using EdgeBench.Core.Cells;
using EdgeBench.Core.Metrics;

namespace EdgeBench.Reports.Model;

/// <summary>Which metrics may be shown for which tier.</summary>
internal static class Reportable
{
    /// <summary>Anything that depends on how fast the device is, and on what it draws meanwhile.</summary>
    public static bool IsSpeed(Metric metric) => metric.Unit is "tok/s" or "inf/s" or "ms" or "s" or "J" or "W" or "µs" or "GOP/s" or "GB/s"
        || metric == MetricRegistry.SustainedShare || metric == MetricRegistry.RoofShare;

    /// <summary>An emulator's speed says nothing about the device.</summary>
    public static bool Reading(Metric metric, Tier tier) => tier != Tier.Emulated || !IsSpeed(metric);

    /// <summary>Raw per-token readings are context, not figures.</summary>
    public static bool Figure(Metric metric, Tier tier) => metric.Direction != Direction.Neutral && Reading(metric, tier);
}
