using EdgeBench.Core.Metrics;

namespace EdgeBench.Reports.Model;

/// <summary>Metrics that belong side by side in a table.</summary>
public sealed record MetricTable(string Title, string View, bool OfQualityCells, IReadOnlyList<Metric> Metrics)
{
    public static IReadOnlyList<MetricTable> All { get; } =
    [
        new("Speed", "speed", false,
        [
            MetricRegistry.PrefillRate, MetricRegistry.DecodeRate, MetricRegistry.EndToEndRate, MetricRegistry.Ttft, MetricRegistry.Tpot, MetricRegistry.Itl, MetricRegistry.EndToEnd,
            MetricRegistry.Inference, MetricRegistry.InferenceMean, MetricRegistry.InferenceP50, MetricRegistry.InferenceP90, MetricRegistry.InferenceP95, MetricRegistry.InferenceP99,
            MetricRegistry.InferenceRate, MetricRegistry.DeviceCompute,
        ]),
        new("Generated text", "generation", false, [MetricRegistry.GenerationRate, MetricRegistry.DraftAccepted, MetricRegistry.DraftSpeedUp]),
        new("Sustained speed", "sustained", false, [MetricRegistry.SustainedRate, MetricRegistry.SustainedShare]),
        new("Kernels", "kernels", false, KernelFigures.Metrics),
        new("Memory and size", "memory", false, [MetricRegistry.PeakRss, MetricRegistry.PeakPss, MetricRegistry.WeightBytes, MetricRegistry.KvBytes, MetricRegistry.FileBytes, MetricRegistry.LoadTime]),
        new("Energy", "energy", false, [.. EnergyMetrics.All.SelectMany(energy => energy.Figures)]),
        new("Quality", "quality", true,
        [
            MetricRegistry.Perplexity, MetricRegistry.LogPerplexityRatio, MetricRegistry.KlDivergence, MetricRegistry.Top1Agreement,
            MetricRegistry.Accuracy, MetricRegistry.NormalisedAccuracy, MetricRegistry.ExactMatch, MetricRegistry.ClassAccuracy, MetricRegistry.MacroF1, MetricRegistry.WeightBytes,
        ]),
    ];
}
