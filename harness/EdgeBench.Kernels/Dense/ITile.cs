namespace EdgeBench.Kernels.Dense;

/// <summary>A block of C that stays in registers while the inner dimension is walked.</summary>
internal unsafe interface ITile
{
    static abstract string Name { get; }

    static abstract bool IsSupported { get; }

    static abstract int Rows { get; }

    static abstract int Columns { get; }

    /// <summary>
    /// C[Rows, Columns] = seed + Σ over p of a[i · rowStride + p · innerStride] · b[p · stepOfB + j]: factors as they lie, A in either order, or packed panels (A of
    /// strides 1 and Rows, B of step Columns). Row i of C starts at <c>c + i · stride</c>, that of the seed, which may be C itself or null for zeros, at
    /// <c>seed + i · seedStride</c>.
    /// </summary>
    static abstract void Multiply(float* a, nint rowStride, nint innerStride, float* b, nint stepOfB, int k, float* c, nint stride, float* seed, nint seedStride);
}
