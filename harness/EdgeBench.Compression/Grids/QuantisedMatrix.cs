namespace EdgeBench.Compression.Grids;

/// <summary>Levels and scales of a weight matrix, row-major [rows, columns] and [rows, groups].</summary>
public sealed class QuantisedMatrix : IQuantisedMatrix
{
    /// <param name="groupOf">Group of each column, or null for consecutive groups, which are all that a file can hold.</param>
    public QuantisedMatrix(LevelGrid grid, int rows, int columns, int[]? groupOf = null)
    {
        ArgumentNullException.ThrowIfNull(grid);
        if (columns % grid.GroupLength(columns) != 0) throw new ArgumentException($"{columns} columns; expected whole groups of {grid.Group}.", nameof(columns));
        (Grid, Rows, Columns, Groups) = (grid, rows, columns, grid.Groups(columns));
        int length = grid.GroupLength(columns);
        GroupOf = groupOf ?? [.. Enumerable.Range(0, columns).Select(column => column / length)];
        IsConsecutive = groupOf is null;
        Levels = new sbyte[(long)rows * columns];
        Scales = new GroupScale[(long)rows * Groups];
    }

    public LevelGrid Grid { get; }

    public int Rows { get; }

    public int Columns { get; }

    /// <summary>Groups of a row.</summary>
    public int Groups { get; }

    public int[] GroupOf { get; }

    public bool IsConsecutive { get; }

    public sbyte[] Levels { get; }

    public GroupScale[] Scales { get; }

    public float[] Dequantise()
    {
        float[] values = new float[Levels.Length];
        for (int row = 0; row < Rows; row++)
        {
            ReadOnlySpan<sbyte> levels = Levels.AsSpan(row * Columns, Columns);
            ReadOnlySpan<GroupScale> scales = Scales.AsSpan(row * Groups, Groups);
            Span<float> part = values.AsSpan(row * Columns, Columns);
            for (int i = 0; i < part.Length; i++) part[i] = scales[GroupOf[i]].Value(levels[i]);
        }
        return values;
    }

    public byte[] Pack() => BlockPacker.Pack(this);
}
