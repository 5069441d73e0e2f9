using EdgeBench.Kernels.Packed;
using EdgeBench.Kernels.Quantisation;

namespace EdgeBench.KernelBenchmarks.Cases;

/// <summary>Copies of a matrix below each other, together so large that none is left in the caches when its turn comes again.</summary>
internal sealed class WeightCopies : IDisposable
{
    // Rows that are quantised, some formats slowly; the others repeat them, which no kernel can notice.
    private const int DistinctRows = 32;

    private WeightCopies(PackedMatrix matrix, int rows, int count) => (Matrix, Rows, Count) = (matrix, rows, count);

    /// <summary>All copies: rows of copy i start at i · <see cref="Rows"/>.</summary>
    public PackedMatrix Matrix { get; }

    public int Rows { get; }

    public int Count { get; }

    /// <summary>Bytes of one copy.</summary>
    public double BytesOfOne => (double)Matrix.Bytes / Count;

    /// <param name="atLeast">Bytes of all copies together.</param>
    public static WeightCopies Create(string format, int rows, int columns, long atLeast)
    {
        if (rows % PackedMatrix.GroupRows != 0) throw new ArgumentException($"{rows} rows; expected whole groups of {PackedMatrix.GroupRows}.", nameof(rows));
        int count = (int)Math.Clamp(atLeast / PackedMatrix.BytesOf(format, rows, columns) + 1, 1, int.MaxValue / rows);
        PackedMatrix matrix = new(format, rows * count, columns);
        byte[] some = Stored(format, columns);
        int bytesOfRow = some.Length / DistinctRows;
        Parallel.For(0, (matrix.Rows + DistinctRows - 1) / DistinctRows, part =>
        {
            int first = part * DistinctRows, now = Math.Min(DistinctRows, matrix.Rows - first);
            matrix.Pack(some.AsSpan(0, now * bytesOfRow), first, now);
        });
        return new WeightCopies(matrix, rows, count);
    }

    public void Dispose() => Matrix.Dispose();

    private static byte[] Stored(string format, int columns)
    {
        float[] values = SampleValues.Normal(DistinctRows * columns);
        if (BlockFormats.Find(format) is { } blocks)
        {
            byte[] stored = new byte[values.Length / blocks.BlockSize * blocks.BlockBytes];
            blocks.Quantise(values, stored);
            return stored;
        }
        byte[] bytes = new byte[values.Length * (format == "F32" ? sizeof(float) : sizeof(ushort))];
        if (format == "F32") Buffer.BlockCopy(values, 0, bytes, 0, bytes.Length);
        else if (format == "F16") HalfConversion.ToHalf(values, bytes);
        else HalfConversion.ToBrain(values, bytes);
        return bytes;
    }
}
