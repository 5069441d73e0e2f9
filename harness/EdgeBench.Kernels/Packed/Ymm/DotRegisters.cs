namespace EdgeBench.Kernels.Packed.Ymm;

/// <summary>Which vectors products of bytes use after those of their sums: weights, activations and what lies between.</summary>
internal readonly record struct DotRegisters(int Weights, int X, int Temporary);
