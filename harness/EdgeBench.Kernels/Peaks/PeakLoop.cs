namespace EdgeBench.Kernels.Peaks;

/// <summary>A loop that is nothing but the one thing whose peak is looked for, and so bounds every kernel that has something else to do besides.</summary>
/// <param name="Instructions">Such as <c>avx512</c>; of the same name as the kernels that it bounds.</param>
/// <param name="IsSupported">Whether this processor runs it.</param>
/// <param name="OperationsPerStep">Operations (of <see cref="PeakKind.Read"/>: bytes) of one step.</param>
/// <param name="Run">Does so many steps. The data are at least as long; a loop that computes touches registers only.</param>
public sealed record PeakLoop(PeakKind Kind, string Instructions, bool IsSupported, double OperationsPerStep, PeakBody Run);

/// <summary>Runs <paramref name="steps"/> steps and returns something that depends on all of them.</summary>
public delegate long PeakBody(nint data, long steps);
