namespace EdgeBench.Reports.Plots;

/// <summary>What each kind of figure is called in file names and headings.</summary>
internal static class FigureNames
{
    public static string Stem(FigureKind kind) => Words(kind).ToLowerInvariant().Replace(' ', '-').Replace('–', '-');

    public static string Words(FigureKind kind) => kind switch
    {
        FigureKind.Prefill => "Prefill speed",
        FigureKind.Decode => "Decode speed",
        FigureKind.InterTokenLatency => "Inter-token latency",
        FigureKind.Inference => "Inference latency",
        FigureKind.Roofline => "Roofline",
        FigureKind.Memory => "Memory",
        FigureKind.Energy => "Energy per token",
        FigureKind.InferenceEnergy => "Energy per inference",
        FigureKind.Power => "Power",
        FigureKind.SizeQuality => "Size–quality",
        FigureKind.SpeedQuality => "Speed–quality",
        FigureKind.Timeline => "Samples over time",
        FigureKind.Training => "Training",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "unknown kind of figure"),
    };
}
