namespace EdgeBench.Kernels.Dense;

/// <summary>
/// A factor of a product as it lies in memory: element (row i, inner index p) is at <c>i · Stride + p</c>, or at <c>p · Stride + i</c> where
/// <paramref name="InnerMajor"/>.
/// </summary>
internal readonly unsafe record struct Operand(nint Address, int Stride, bool InnerMajor)
{
    public float* Data => (float*)Address;

    public static Operand RowMajor(float* data, int stride) => new((nint)data, stride, false);

    public static Operand Transposed(float* data, int stride) => new((nint)data, stride, true);
}
