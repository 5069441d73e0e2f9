using EdgeBench.Kernels.Emitted;

namespace EdgeBench.Kernels.Packed.Emitted;

/// <summary>The functions of one format, in executable memory.</summary>
internal sealed unsafe class FormatKernels
{
    private const int CodeAlignment = 64;

    private readonly delegate* unmanaged<Arguments*, void> _expand;
    private readonly delegate* unmanaged<Arguments*, void>[][] _few, _tiles;

    public FormatKernels(FormatCode format)
    {
        Format = format;
        Assembler code = new(format.Lanes);
        int expand = Place(code, () => format.EmitPanel(code));
        int[][] few = Table(format.MostFewRows, format.FewGroups, (groups, rows) => Place(code, () => format.EmitFew(code, groups, rows)));
        int[][] tiles = Table(format.TileRows, _ => format.TileGroups, (groups, rows) => Place(code, () => format.EmitTile(code, groups, rows)));
        byte* memory = ExecutableMemory.Place(code.ToArray());
        _expand = (delegate* unmanaged<Arguments*, void>)(memory + expand);
        _few = Functions(memory, few);
        _tiles = Functions(memory, tiles);
    }

    public FormatCode Format { get; }

    public void Expand(Arguments arguments) => _expand(&arguments);

    public void Few(Arguments arguments, int groups, int rows) => _few[rows - 1][groups - 1](&arguments);

    public void Tile(Arguments arguments, int groups, int rows) => _tiles[rows - 1][groups - 1](&arguments);

    /// <summary>Starts of functions, by activations and groups, each less one.</summary>
    private static int[][] Table(int mostRows, Func<int, int> mostGroups, Func<int, int, int> place) =>
        [.. from rows in Enumerable.Range(1, mostRows) select Enumerable.Range(1, mostGroups(rows)).Select(groups => place(groups, rows)).ToArray()];

    private static int Place(Assembler code, Action emit)
    {
        code.Align(CodeAlignment);
        int start = code.Position;
        emit();
        return start;
    }

    private static delegate* unmanaged<Arguments*, void>[][] Functions(byte* memory, int[][] starts)
    {
        var functions = new delegate* unmanaged<Arguments*, void>[starts.Length][];
        for (int row = 0; row < starts.Length; row++)
        {
            functions[row] = new delegate* unmanaged<Arguments*, void>[starts[row].Length];
            for (int group = 0; group < starts[row].Length; group++) functions[row][group] = (delegate* unmanaged<Arguments*, void>)(memory + starts[row][group]);
        }
        return functions;
    }
}
