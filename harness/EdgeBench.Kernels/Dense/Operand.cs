namespace EdgeBench.Kernels.Dense;

/// <summary>
/// A factor of a product as it lies in memory: element (row i, inner index p) is at <c>i · Stride + p</c>, or at <c>p · Stride + i</c> where
/// <paramref name="InnerMajor"/>.
/// </summary>
/// <param name="IsHalf">Elements are float16 and widened where they are packed; of the right factor (B) only.</param>
public readonly unsafe record struct Operand(nint Address, int Stride, bool InnerMajor, bool IsHalf = false)
{
    internal float* Data => (float*)Address;

    public static Operand RowMajor(float* data, int stride) => new((nint)data, stride, false);

    public static Operand Transposed(float* data, int stride) => new((nint)data, stride, true);
}
