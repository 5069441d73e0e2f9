using System.Runtime.Intrinsics;

namespace EdgeBench.Kernels.Dense;

/// <summary>
/// Sums of XᵀX, the Hessian of layer-wise least squares. Products of at most <see cref="BatchRows"/> rows are summed in float32, these sums in float64.
/// </summary>
public static unsafe class Gram
{
    /// <summary>Rows that are summed in float32.</summary>
    public const int BatchRows = 512;

    // Columns of the strip of XᵀX that is in float32 at once, for each thread.
    private const int Strip = 192;

    /// <summary>
    /// Adds XᵀX of <paramref name="x"/> [rows, width] to the lower triangle and diagonal of <paramref name="h"/> [width, width]; what is above the
    /// diagonal is left undefined until <see cref="Mirror"/>.
    /// </summary>
    public static void AddLower(ReadOnlySpan<float> x, int rows, int width, Span<double> h, int threads)
    {
        if (rows < 0 || width < 1 || x.Length != (long)rows * width) throw new ArgumentException($"{x.Length} elements for {rows} rows of {width}.", nameof(x));
        if (h.Length != (long)width * width) throw new ArgumentException($"{h.Length} elements; expected {width} × {width}.", nameof(h));
        fixed (float* px = x)
        fixed (double* ph = h)
        {
            nint source = (nint)px, target = (nint)ph;
            int strips = (width + Strip - 1) / Strip;
            for (int first = 0; first < rows; first += BatchRows)
            {
                int start = first, count = Math.Min(BatchRows, rows - first);
                // The longest strips first, so that the threads end together.
                Team.Run(threads, strips, item => AddStrip((float*)source + ((nint)start * width), count, width, (double*)target, strips - 1 - item));
            }
        }
    }

    /// <summary>Copies the lower triangle to the upper one.</summary>
    public static void Mirror(Span<double> h, int width)
    {
        for (int i = 0; i < width; i++)
        {
            for (int j = 0; j < i; j++) h[(j * width) + i] = h[(i * width) + j];
        }
    }

    // Rows [strip · Strip, …) of XᵀX up to the diagonal's block.
    private static void AddStrip(float* x, int count, int width, double* h, int strip)
    {
        int row = strip * Strip, rows = Math.Min(Strip, width - row), columns = row + rows;
        using Workspace sums = new((long)rows * columns);
        Gemm.Run(new(Operand.Transposed(x + row, width), Operand.Transposed(x, width), (nint)sums.Data, columns, rows, columns, count, false, 1));
        for (int i = 0; i < rows; i++)
        {
            double* target = h + ((nint)(row + i) * width);
            float* source = sums.Data + ((nint)i * columns);
            int j = 0, end = row + i + 1;
            for (; j + 8 <= end; j += 8)
            {
                Vector256<float> eight = Vector256.Load(source + j);
                Vector512.Add(Vector512.Load(target + j),
                    Vector512.Create(Vector256.WidenLower(eight), Vector256.WidenUpper(eight))).Store(target + j);
            }
            for (; j < end; j++) target[j] += source[j];
        }
    }
}
