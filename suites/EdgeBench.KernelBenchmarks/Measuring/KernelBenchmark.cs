using BenchmarkDotNet.Attributes;

namespace EdgeBench.KernelBenchmarks.Measuring;

/// <summary>What BenchmarkDotNet calls: one method for every kernel.</summary>
public class KernelBenchmark
{
    /// <summary>Set before each benchmark.</summary>
    public KernelTrial Trial { get; set; } = null!;

    [GlobalSetup]
    public void Begin() => Trial.Begin();

    [Benchmark]
    public void Run() => Trial.Run();

    [GlobalCleanup]
    public void End() => Trial.End();
}
