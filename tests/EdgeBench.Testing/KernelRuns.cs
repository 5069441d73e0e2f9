using EdgeBench.Core.Cells;
using EdgeBench.Core.Metrics;
using EdgeBench.Core.Runs;
using EdgeBench.Core.Trials;

namespace EdgeBench.Testing;

/// <summary>A run of kernels with figures that nobody measured.</summary>
public static class KernelRuns
{
    /// <summary>GB/s and GOP/s of its machine.</summary>
    public const double Read = 32, Int8 = 480, F32 = 120;

    private static readonly (string Shape, double Elements)[] s_shapes = [("576x192", 110_592), ("576x1536", 884_736), ("1536x576", 884_736)];

    /// <summary>Three formats on three shapes for few and many rows, a kernel whose roof is not known, one that failed, and one that only the caches feed.</summary>
    public static StoredRun Sample()
    {
        List<StoredCell> cells = [];
        foreach ((string format, double bytes, double share) in ((string, double, double)[])[("q8_0", 1.0625, 0.8), ("q4_0", 0.5625, 0.65), ("f16", 2, 0.9)])
        {
            foreach ((string shape, double elements) in s_shapes)
            {
                foreach (int rows in (int[])[1, 4, 128]) cells.Add(Product(format, shape, rows, elements, (elements * bytes) + (rows * 3000.0), format == "f16" ? "f32 avx512" : "int8 avx512-vnni", share - (rows / 1000.0)));
            }
        }
        cells.Add(Cell("softmax", "f32", "tensors", "512 n128", [Trial(41.5, 6.3, 12.6, null, null, streams: false)]));
        cells.Add(Cell("attention", "f16", "vector512", "9x64@512 n1", [Trial(95, 12.4, 4.1, 12.4 / F32, "f32 avx512", streams: false)]));
        cells.Add(Cell("gemm", "f32", "vector512", "1024x1024 n1024", [StoredRuns.Failed(Trial(1, 1, 1, null, null, streams: false))]));
        return StoredRuns.Run("kernels", cells);
    }

    private static StoredCell Product(string format, string shape, int rows, double elements, double bytes, string roof, double share)
    {
        double operations = 2 * elements * rows, peak = roof.StartsWith("int8", StringComparison.Ordinal) ? Int8 : F32, rate = share * Math.Min(peak, Read * operations / bytes);
        return Cell("product", format, "avx512-vnni", $"{shape} n{rows}", [Trial(operations / rate / 1000, rate, bytes * rate / operations, share, roof, streams: true)]);
    }

    private static StoredCell Cell(string operation, string format, string kernel, string test, StoredTrial[] trials) => new()
    {
        Key = $"{operation}/{format}/{kernel}/{test}",
        Id = $"smollm2-135m/{format}/{kernel}/local/{operation} {test} t1",
        Model = "smollm2-135m",
        Recipe = format,
        Backend = kernel,
        Device = "local",
        Workload = operation,
        WorkloadType = KernelFigures.WorkloadType,
        Test = test,
        Threads = 1,
        Tier = Tier.Measured,
        PlannedTrials = 1,
        MinSamples = 3,
        MinDuration = 0,
        ExpectedMetrics = [MetricRegistry.KernelTime.Name, MetricRegistry.OperationRate.Name, MetricRegistry.ByteRate.Name],
        Trials = trials,
    };

    private static StoredTrial Trial(double microseconds, double operations, double bytes, double? share, string? roof, bool streams)
    {
        Series Three(Metric metric, double value) => new(metric.Name, [value * 0.99, value, value * 1.01], [0.03, 0.06, 0.09], [0, 1, 2]);
        StoredTrial trial = StoredRuns.Trial(0, [Three(MetricRegistry.KernelTime, microseconds), Three(MetricRegistry.OperationRate, operations), Three(MetricRegistry.ByteRate, bytes),
            .. share is { } known ? new[] { Three(MetricRegistry.RoofShare, known) } : []]);
        Dictionary<string, double> conditions = new() { ["other_cpu_share"] = 0, ["steal_share"] = 0 };
        if (roof?.Split(' ')[0] is { } kind)
        {
            conditions[KernelFigures.Peak(kind, "before")] = kind == "int8" ? Int8 : F32;
            conditions[KernelFigures.Peak(kind, "after")] = 0.95 * (kind == "int8" ? Int8 : F32);
        }
        if (streams)
        {
            conditions[KernelFigures.Peak(KernelFigures.Read, "before")] = 0.9 * Read;
            conditions[KernelFigures.Peak(KernelFigures.Read, "after")] = Read;
        }
        return trial with
        {
            Outcome = trial.Outcome with { Conditions = conditions, Facts = roof is null ? new Dictionary<string, string>() : new Dictionary<string, string> { [KernelFigures.Roof] = roof } },
        };
    }
}
