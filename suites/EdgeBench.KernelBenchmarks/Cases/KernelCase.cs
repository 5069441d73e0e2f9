using EdgeBench.Kernels.Peaks;

namespace EdgeBench.KernelBenchmarks.Cases;

/// <summary>One kernel on one shape.</summary>
/// <param name="Model">Whose shape it is.</param>
/// <param name="Operation"><c>product</c>, <c>gemm</c>, <c>dequantise</c> …</param>
/// <param name="Format">Of the weights or the keys and values, as recipes spell it: <c>q4_k</c>.</param>
/// <param name="Kernel">Kernel set or vector width.</param>
/// <param name="Shape">Columns x rows of a matrix, so inputs x outputs: <c>576x1536</c>; else the length of a row.</param>
/// <param name="Count">Rows of activations, or positions.</param>
internal sealed record KernelCase(string Model, string Operation, string Format, string Kernel, string Shape, int Count, int Threads)
{
    /// <summary>What the kernel computes with, whose peak is its roof; null where no roof is known.</summary>
    public PeakKind? Computes { get; init; }

    /// <summary>Whether its large operand comes from memory each time.</summary>
    public bool Streams { get; init; }

    /// <summary>Bytes that it needs, without those that every kernel needs besides, such as the probe's.</summary>
    public long MemoryBytes { get; init; }

    /// <summary>Makes it ready to run; slow.</summary>
    public required Func<KernelContext, KernelWork> Prepare { get; init; }

    /// <summary>Shape and count: what tables call the test.</summary>
    public string Test => $"{Shape} n{Count}";

    /// <summary>Unique among all cases of a run.</summary>
    public string Id => $"{Model}/{Format}/{Kernel}/local/{Operation} {Test} t{Threads}";
}
