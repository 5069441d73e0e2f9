namespace EdgeBench.Kernels.Dense;

/// <summary>
/// Sums of XᵀX, the Hessian of layer-wise least squares. Products of at most <see cref="BatchRows"/> rows are summed in float32, these sums in float64.
/// </summary>
public static unsafe class Gram
{
    /// <summary>Rows that are summed in float32.</summary>
    public const int BatchRows = 512;

    /// <summary>
    /// Adds XᵀX of <paramref name="x"/> [rows, width] to the lower triangle and diagonal of <paramref name="h"/> [width, width], and leaves the rest as
    /// it is; <see cref="Mirror"/> fills it. Throws <see cref="ArgumentException"/> where lengths do not belong together.
    /// </summary>
    /// <param name="kernel">Null takes the fastest.</param>
    public static void AddLower(ReadOnlySpan<float> x, int rows, int width, Span<double> h, int threads, GemmKernel? kernel = null)
    {
        if (rows < 0 || width < 1 || x.Length != (long)rows * width) throw new ArgumentException($"{x.Length} elements for {rows} rows of {width}.", nameof(x));
        if (h.Length != (long)width * width) throw new ArgumentException($"{h.Length} elements; expected {width} × {width}.", nameof(h));
        if (rows == 0) return;
        fixed (float* px = x)
        fixed (double* ph = h)
            (kernel ?? Gemm.Best).AddGram(px, rows, width, ph, threads);
    }

    /// <summary>Copies the lower triangle to the upper one.</summary>
    public static void Mirror(Span<double> h, int width)
    {
        const int Block = 32;
        for (int row = 0; row < width; row += Block)
        {
            for (int column = 0; column <= row; column += Block)
            {
                for (int i = row; i < Math.Min(row + Block, width); i++)
                {
                    for (int j = column; j < Math.Min(column + Block, i); j++) h[(j * width) + i] = h[(i * width) + j];
                }
            }
        }
    }
}
