namespace EdgeBench.Kernels.Dense;

/// <summary>
/// Products of row-major float32 matrices, summed in float32 (blocks of at most 512 terms, then these). Lengths that do not belong together throw
/// <see cref="ArgumentException"/>.
/// </summary>
public static unsafe class Gemm
{
    /// <summary>All implementations, fastest first.</summary>
    public static IReadOnlyList<GemmKernel> Kernels { get; } =
    [
        GemmKernel.Of<Tile512>(),
        GemmKernel.Of<Tile256>(),
        GemmKernel.Of<Tile128>(),
        GemmKernel.Of<TileScalar>(),
    ];

    internal static GemmKernel Best { get; } = Kernels.First(kernel => kernel.IsSupported);

    /// <summary>
    /// C[m,n] = A[m,k] · B[n,k]ᵀ: what a linear layer with weights [out, in] does to m rows. Row i of C starts at <c>i · stride</c>
    /// (0: at <c>i · n</c>), so that several products may fill one wider matrix.
    /// </summary>
    /// <param name="accumulate">Adds to C instead of overwriting it.</param>
    /// <param name="kernel">Null takes the fastest, and reads B where it lies if m is at most 4.</param>
    public static void MultiplyTransposed(ReadOnlySpan<float> a, ReadOnlySpan<float> b, Span<float> c, int m, int n, int k, int threads,
        bool accumulate = false, int stride = 0, GemmKernel? kernel = null)
    {
        if (stride == 0) stride = n;
        Check(a.Length, m, k, k, nameof(a));
        Check(b.Length, n, k, k, nameof(b));
        Check(c.Length, m, n, stride, nameof(c));
        fixed (float* pa = a, pb = b, pc = c)
            Run(new(Operand.RowMajor(pa, k), Operand.RowMajor(pb, k), (nint)pc, stride, m, n, k, accumulate, threads), kernel);
    }

    /// <summary>C[m,n] = A[m,k] · B[k,n]; otherwise as <see cref="MultiplyTransposed"/>.</summary>
    public static void Multiply(ReadOnlySpan<float> a, ReadOnlySpan<float> b, Span<float> c, int m, int n, int k, int threads,
        bool accumulate = false, int stride = 0, GemmKernel? kernel = null)
    {
        if (stride == 0) stride = n;
        Check(a.Length, m, k, k, nameof(a));
        Check(b.Length, k, n, n, nameof(b));
        Check(c.Length, m, n, stride, nameof(c));
        fixed (float* pa = a, pb = b, pc = c)
            Run(new(Operand.RowMajor(pa, k), Operand.Transposed(pb, n), (nint)pc, stride, m, n, k, accumulate, threads), kernel);
    }

    internal static void Run(in Product product, GemmKernel? kernel = null)
    {
        if (kernel is null && product.M <= ThinProduct.MaxRows && !product.A.InnerMajor)
        {
            ThinProduct.Run(product);
            return;
        }
        GemmKernel chosen = kernel ?? Best;
        TiledProduct tiled = chosen.Take();
        if (tiled.Begin(product))
        {
            do
            {
                Team.Run(product.Threads, tiled.Packs, tiled.Pack);
                Team.Run(product.Threads, tiled.Pieces, tiled.Multiply);
            }
            while (tiled.Advance());
        }
        chosen.Give(tiled);
    }

    private static void Check(int length, int rows, int columns, int stride, string name)
    {
        if (rows < 0 || columns < 0 || stride < columns)
            throw new ArgumentException($"{rows} rows of {columns} elements, {stride} apart; expected none to be negative and rows not to overlap.", name);
        if (rows > 0 && length < ((long)(rows - 1) * stride) + columns)
            throw new ArgumentException($"{length} elements for {rows} rows of {columns}, {stride} apart.", name);
    }
}
