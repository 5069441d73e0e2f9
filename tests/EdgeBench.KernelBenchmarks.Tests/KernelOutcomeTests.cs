using EdgeBench.Core.Devices;
using EdgeBench.Core.Metrics;
using EdgeBench.Core.Trials;
using EdgeBench.Devices;
using EdgeBench.Devices.Facts;
using EdgeBench.KernelBenchmarks.Cases;
using EdgeBench.KernelBenchmarks.Measuring;
using EdgeBench.Kernels.Peaks;
using EdgeBench.Testing;

namespace EdgeBench.KernelBenchmarks.Tests;

public class KernelOutcomeTests
{
    private static readonly DeviceFacts s_device = LocalFacts.Read(SystemRoot.Real);

    [Fact]
    public void Stretches_become_times_rates_and_shares_of_the_nearest_roof()
    {
        using KernelContext context = new(SystemRoot.Real, s_device, threads: 1);
        KernelTrial trial = new(Case(PeakKind.F32, streams: true), context);
        trial.Begin();
        trial.End();
        IReadOnlyList<Series> series = KernelOutcome.Series(trial, [(2000, 1e7), (1000, 2e7)]);
        double[] Of(Metric metric) => series.Single(one => one.Metric == metric.Name).Values;
        Assert.Equal([2, 1], Of(MetricRegistry.KernelTime));
        Assert.Equal([50, 100], Of(MetricRegistry.OperationRate));
        Assert.Equal([5, 10], Of(MetricRegistry.ByteRate));
        Assert.Equal([0.01, 0.03], series[0].At.Select(at => Math.Round(at, 9)));
        double read = Math.Max(trial.Conditions["peak_read_gb_s_before"], trial.Conditions["peak_read_gb_s_after"]);
        double compute = Math.Max(trial.Conditions["peak_f32_gop_s_before"], trial.Conditions["peak_f32_gop_s_after"]);
        // 100,000 operations on 10,000 bytes.
        double roof = Math.Min(compute, read * 10);
        Assert.Equal([50 / roof, 100 / roof], Of(MetricRegistry.RoofShare));
    }

    [Theory]
    [InlineData(null, false)]
    [InlineData(PeakKind.F32, true)]
    public void Without_a_probe_there_is_no_share(PeakKind? kind, bool streams)
    {
        using KernelContext context = new(SystemRoot.Real, s_device with { MemoryBytes = 0 }, threads: 1);
        KernelTrial trial = new(Case(kind, streams), context);
        trial.Begin();
        trial.End();
        Assert.Null(KernelOutcome.Roof(trial));
        Assert.Equal(["kernel_time", "kernel_gop_s", "kernel_gb_s"], KernelOutcome.Series(trial, [(10, 10)]).Select(series => series.Metric));
    }

    [Fact]
    public void A_set_is_bound_by_the_widest_loop_of_its_own_instructions()
    {
        Assert.SkipUnless(System.Runtime.Intrinsics.X86.Avx512BW.IsSupported, "needs AVX-512");
        Assert.Multiple(
            () => Assert.Equal("avx512", PeakRounds.Bound(PeakKind.F32, "avx512-vnni")!.Instructions),
            () => Assert.Equal("avx512", PeakRounds.Bound(PeakKind.Int8, "avx512")!.Instructions),
            () => Assert.Equal("avx2", PeakRounds.Bound(PeakKind.F32, "vector256")!.Instructions),
            () => Assert.Equal("avx2", PeakRounds.Bound(PeakKind.Int8, "avx2-intrinsics")!.Instructions),
            () => Assert.Equal("avx512", PeakRounds.Bound(PeakKind.F32, "scalar")!.Instructions));
    }

    [Fact]
    public void BenchmarkDotNet_calls_the_kernel_and_a_kernel_that_fails_says_why()
    {
        using TemporaryFolder folder = new();
        using KernelContext context = new(SystemRoot.Real, s_device with { MemoryBytes = 0 }, threads: 1);
        BenchmarkJob job = new(Thorough: false);
        int calls = 0;
        (IReadOnlyList<(double OfCall, double OfStretch)> stretches, string? problem) = job.Run(new KernelTrial(Case(null, false, () =>
        {
            calls++;
            Thread.SpinWait(1000);
        }), context), folder.Path);
        Assert.Null(problem);
        Assert.Equal(job.LeastStretches, stretches.Count);
        Assert.All(stretches, stretch => Assert.True(stretch.OfCall > 0 && stretch.OfStretch >= stretch.OfCall));
        Assert.True(calls > stretches.Count);

        (stretches, problem) = job.Run(new KernelTrial(Case(null, false, () => throw new InvalidOperationException("broken kernel")), context), folder.Path);
        Assert.Empty(stretches);
        Assert.Contains("broken kernel", problem, StringComparison.Ordinal);
    }

    private static KernelCase Case(PeakKind? kind, bool streams, Action? run = null) => new("model", "product", "f32", "vector512", "8x8", 1, 1)
    {
        Computes = kind,
        Streams = streams,
        Prepare = _ => new SimpleWork(100_000, 10_000, run ?? (() => { })),
    };
}
