namespace EdgeBench.Kernels.Dense;

/// <summary>C[m,n] = A[m,k] · B[n,k]ᵀ, added to C where <paramref name="Accumulate"/>; row i of C starts at <c>i · CStride</c>.</summary>
internal readonly unsafe record struct Product(Operand A, Operand B, nint CAddress, int CStride, int M, int N, int K, bool Accumulate, int Threads)
{
    public float* C => (float*)CAddress;
}

/// <summary>Computes a product.</summary>
internal delegate void ProductBody(in Product product);
