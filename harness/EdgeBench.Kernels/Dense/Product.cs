namespace EdgeBench.Kernels.Dense;

/// <summary>C[m,n] = A[m,k] · B[n,k]ᵀ, added to C where <paramref name="Accumulate"/>; row i of C starts at <c>i · CStride</c>.</summary>
public readonly unsafe record struct Product(Operand A, Operand B, nint CAddress, int CStride, int M, int N, int K, bool Accumulate, int Threads)
{
    /// <summary>What the sums start at instead of zeros or C: row i is at <c>i · SeedStride</c> (0: one row for all, a bias). Not with <see cref="Accumulate"/>.</summary>
    public nint SeedAddress { get; init; }

    public int SeedStride { get; init; }

    internal float* C => (float*)CAddress;

    internal float* Seed => Accumulate ? C : (float*)SeedAddress;

    internal int StrideOfSeed => Accumulate ? CStride : SeedStride;
}
