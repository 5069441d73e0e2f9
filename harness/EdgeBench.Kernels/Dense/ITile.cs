namespace EdgeBench.Kernels.Dense;

/// <summary>A block of C that stays in registers while the inner dimension is walked.</summary>
internal unsafe interface ITile
{
    static abstract string Name { get; }

    static abstract bool IsSupported { get; }

    static abstract int Rows { get; }

    static abstract int Columns { get; }

    /// <summary>
    /// C[Rows, Columns] = (or +=) Σ over p of a[p · Rows + i] · b[p · Columns + j]. <paramref name="b"/> and <paramref name="a"/> are packed panels;
    /// row i of C starts at <c>c + i · stride</c>.
    /// </summary>
    static abstract void Multiply(float* a, float* b, int k, float* c, nint stride, bool accumulate);
}
