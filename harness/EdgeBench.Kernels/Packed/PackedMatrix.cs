namespace EdgeBench.Kernels.Packed;

/// <summary>
/// A weight matrix [rows, columns] laid out for products (<see cref="PackedProduct"/>), in about as many bytes as in its file. Several matrices of the same
/// width may be packed below each other, each from a multiple of 16 rows on; rows that nothing was packed into give zeros.
/// </summary>
public sealed unsafe class PackedMatrix : IDisposable
{
    private byte* _data;

    /// <summary>
    /// Allocates a matrix of zeros. Throws <see cref="NotSupportedException"/> for a format that <see cref="IsSupported"/> denies and
    /// <see cref="OutOfMemoryException"/> where memory lacks.
    /// </summary>
    public PackedMatrix(string format, int rows, int columns)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(rows, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(columns, 1);
        Layout = Find(format, columns);
        (Rows, Columns) = (rows, columns);
        GroupBytes = (nint)Layout.Units(columns) * Layout.UnitBytes;
        _data = WeightMemory.Allocate((nuint)Bytes);
    }

    ~PackedMatrix() => Free();

    /// <summary>Rows of a group: what ranges of a product and offsets of packing count in.</summary>
    public static int GroupRows => PackedFormat.GroupRows;

    /// <summary>The formats that can be packed, by GGUF's names.</summary>
    public static IReadOnlyList<string> Formats { get; } = [.. PackedFormat.All.Select(format => format.Name)];

    /// <summary>As GGUF names it: <c>Q4_K</c>.</summary>
    public string Format => Layout.Name;

    public int Rows { get; }

    public int Columns { get; }

    /// <summary>Groups of 16 rows, the last one perhaps not full.</summary>
    public int Groups => (Rows + GroupRows - 1) / GroupRows;

    /// <summary>Memory that is held.</summary>
    public long Bytes => (long)Groups * GroupBytes;

    internal PackedFormat Layout { get; }

    internal nint GroupBytes { get; }

    /// <summary>Whether the format can be packed and rows of this length are whole blocks of it.</summary>
    public static bool IsSupported(string format, int columns) => PackedFormat.Find(format) is { } layout && columns > 0 && columns % layout.ColumnStep == 0;

    /// <summary>What a matrix will hold, for estimates before allocation.</summary>
    public static long BytesOf(string format, int rows, int columns)
    {
        PackedFormat layout = Find(format, columns);
        return ((long)rows + GroupRows - 1) / GroupRows * layout.Units(columns) * layout.UnitBytes;
    }

    /// <summary>A matrix from the bytes of its file, row after row, on the calling thread.</summary>
    public static PackedMatrix Pack(string format, ReadOnlySpan<byte> source, int rows, int columns)
    {
        PackedMatrix matrix = new(format, rows, columns);
        matrix.Pack(source, 0, rows);
        return matrix;
    }

    /// <summary>
    /// Packs rows as the file has them into rows <paramref name="firstRow"/> (a multiple of 16) to firstRow + <paramref name="count"/>. Threads may pack
    /// different groups at the same time; rows of a group that is not full are all packed by one call.
    /// </summary>
    public void Pack(ReadOnlySpan<byte> source, int firstRow, int count)
    {
        ObjectDisposedException.ThrowIf(_data is null, this);
        if (firstRow < 0 || firstRow % GroupRows != 0 || count < 0 || firstRow > Rows - count)
            throw new ArgumentException($"Rows {firstRow} to {(long)firstRow + count} of {Rows}; expected a start at a multiple of {GroupRows} and rows that exist.", nameof(firstRow));
        if (source.Length != count * Layout.RowBytes(Columns))
            throw new ArgumentException($"{source.Length} bytes for {count} rows of {Columns} {Format}; expected {count * Layout.RowBytes(Columns)}.", nameof(source));
        fixed (byte* rows = source) PackRows(rows, firstRow, count);
    }

    /// <summary>As the other one, from memory of any size.</summary>
    public void Pack(byte* source, int firstRow, int count)
    {
        int step = Math.Max(GroupRows, (int)(int.MaxValue / Layout.RowBytes(Columns) / GroupRows * GroupRows));
        for (int row = 0; row < count; row += step)
        {
            int rows = Math.Min(step, count - row);
            Pack(new ReadOnlySpan<byte>(source + (row * Layout.RowBytes(Columns)), checked((int)(rows * Layout.RowBytes(Columns)))), firstRow + row, rows);
        }
    }

    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    internal byte* Group(int group)
    {
        ObjectDisposedException.ThrowIf(_data is null, this);
        return _data + (group * GroupBytes);
    }

    private static PackedFormat Find(string format, int columns) =>
        IsSupported(format, columns)
            ? PackedFormat.Find(format)!
            : throw new NotSupportedException(PackedFormat.Find(format) is { } layout
                ? $"{columns} columns of {format}; expected a multiple of {layout.ColumnStep}."
                : $"The format {format} cannot be packed; expected one of {string.Join(", ", Formats)}. Dequantise it to F16 or F32 first.");

    private void PackRows(byte* source, int firstRow, int count)
    {
        long rowBytes = Layout.RowBytes(Columns);
        for (int row = 0; row < count; row++)
        {
            int target = firstRow + row;
            byte* group = Group(target / GroupRows);
            if (Layout.IsFloat) FloatPacking.PackRow(Layout, source + (row * rowBytes), Columns, group, target % GroupRows);
            else BlockPacking.PackRow(Layout, source + (row * rowBytes), Columns, group, target % GroupRows);
        }
    }

    private void Free()
    {
        WeightMemory.Free(_data);
        _data = null;
    }
}
