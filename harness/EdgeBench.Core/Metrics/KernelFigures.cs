namespace EdgeBench.Core.Metrics;

/// <summary>How the figures of kernels stand in a run: which cells are kernels, and the names of the conditions and facts beside their metrics.</summary>
public static class KernelFigures
{
    /// <summary>Workload type of a kernel's cell. Its model is the one whose shape it is, its recipe the format, its backend the kernel set, its workload the operation.</summary>
    public const string WorkloadType = "kernel";

    /// <summary>Fact: the compute peak that bounds the kernel, such as <c>int8 avx512</c>; absent where none was probed.</summary>
    public const string Roof = "roof";

    /// <summary>Kind of the peak that is bytes a second from memory; the others are operations.</summary>
    public const string Read = "read";

    /// <summary>When peaks were probed, besides the kernel.</summary>
    public static IReadOnlyList<string> Moments { get; } = ["before", "after"];

    /// <summary>The metrics that only kernels have.</summary>
    public static IReadOnlyList<Metric> Metrics { get; } = [MetricRegistry.KernelTime, MetricRegistry.OperationRate, MetricRegistry.ByteRate, MetricRegistry.RoofShare];

    /// <summary>Condition: the best of a few passes just before or after the kernel, in GB/s or GOP/s.</summary>
    /// <param name="kind"><c>read</c>, <c>f32</c>, <c>int8</c>, <c>int4</c>.</param>
    public static string Peak(string kind, string moment) => $"peak_{kind}_{(kind == Read ? "gb_s" : "gop_s")}_{moment}";
}
