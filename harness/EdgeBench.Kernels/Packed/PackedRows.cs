using System.Runtime.InteropServices;

namespace EdgeBench.Kernels.Packed;

/// <summary>
/// Activations [rows, columns] made ready for products: 8-bit levels for quantised weights (<see cref="ActivationBlock"/>), float32 for float ones, each
/// only if asked for. Allocates nothing after construction.
/// </summary>
public sealed unsafe class PackedRows : IDisposable
{
    private const int LineBytes = 64, FloatStep = 8;

    private byte* _blocks;
    private float* _floats;

    /// <summary>Throws <see cref="OutOfMemoryException"/> where memory lacks.</summary>
    /// <param name="rows">The most rows at once.</param>
    /// <param name="levels">For weights in a quantised format; columns are then a multiple of 32.</param>
    /// <param name="floats">For weights in a float format.</param>
    public PackedRows(int rows, int columns, bool levels, bool floats)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(rows, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(columns, 1);
        if (levels && columns % PackedFormat.BlockColumns != 0)
            throw new ArgumentException($"{columns} columns; expected a multiple of {PackedFormat.BlockColumns} for levels.", nameof(columns));
        (Rows, Columns) = (rows, columns);
        // An even number of blocks, and floats in whole units: what a matrix's last unit is padded to.
        BlockStride = (columns / PackedFormat.BlockColumns + 1) / 2 * 2 * ActivationBlock.Bytes;
        FloatStride = (columns + FloatStep - 1) / FloatStep * FloatStep;
        if (levels) _blocks = (byte*)Zeros((nuint)rows * (nuint)BlockStride);
        if (floats) _floats = (float*)Zeros((nuint)rows * (nuint)FloatStride * sizeof(float));
    }

    ~PackedRows() => Free();

    /// <summary>The most rows at once.</summary>
    public int Rows { get; }

    public int Columns { get; }

    public bool HasLevels => _blocks is not null;

    public bool HasFloats => _floats is not null;

    internal nint BlockStride { get; }

    internal nint FloatStride { get; }

    /// <summary>Room for the activations of all these matrices, which have the same width.</summary>
    public static PackedRows For(int rows, params ReadOnlySpan<PackedMatrix> matrices)
    {
        (bool levels, bool floats) = (false, false);
        foreach (PackedMatrix matrix in matrices)
        {
            if (matrix.Columns != matrices[0].Columns) throw new ArgumentException($"Matrices of {matrices[0].Columns} and {matrix.Columns} columns; expected the same width.", nameof(matrices));
            if (matrix.Layout.IsFloat) floats = true;
            else levels = true;
        }
        return new(rows, matrices[0].Columns, levels, floats);
    }

    /// <summary>Takes rows <paramref name="firstRow"/> to <paramref name="endRow"/> - 1; row i starts at <c>x + i · stride</c>. Threads may set different rows at the same time.</summary>
    public void Set(float* x, nint stride, int firstRow, int endRow)
    {
        if (firstRow < 0 || endRow > Rows || firstRow > endRow) throw new ArgumentOutOfRangeException(nameof(firstRow), $"Rows {firstRow} to {endRow} of {Rows}.");
        for (int row = firstRow; row < endRow; row++)
        {
            float* source = x + (row * stride);
            if (_floats is not null) new ReadOnlySpan<float>(source, Columns).CopyTo(new Span<float>(Floats(row), Columns));
            if (_blocks is null) continue;
            byte* block = Blocks(row);
            for (int column = 0; column < Columns; column += PackedFormat.BlockColumns, block += ActivationBlock.Bytes) ActivationBlock.Set(source + column, block);
        }
    }

    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    internal byte* Blocks(int row) => _blocks + (row * BlockStride);

    internal float* Floats(int row) => _floats + (row * FloatStride);

    private static void* Zeros(nuint bytes)
    {
        void* data = NativeMemory.AlignedAlloc(bytes, LineBytes);
        NativeMemory.Clear(data, bytes);
        return data;
    }

    private void Free()
    {
        NativeMemory.AlignedFree(_blocks);
        NativeMemory.AlignedFree(_floats);
        _blocks = null;
        _floats = null;
    }
}
