using EdgeBench.Kernels.Emitted;

namespace EdgeBench.Kernels.Packed.Vnni512;

/// <summary>The emitted functions of one format and the sizes that they work by.</summary>
internal sealed unsafe class FormatKernels
{
    /// <summary>Activations up to which weights are read where they lie; more of them use a panel.</summary>
    public const int MostFewRows = 8;

    /// <summary>Groups of a panel.</summary>
    public const int PanelGroups = 4;

    private const int CodeAlignment = 64;

    private readonly delegate* unmanaged<Arguments*, void> _expand;
    private readonly delegate* unmanaged<Arguments*, void>[] _few, _tiles;

    public FormatKernels(PackedFormat format)
    {
        Format = format;
        (FewGroups, TileRows) = format.IsFloat ? (FloatGemv.MostGroups, FloatTile.MostRows) : (1, QuantisedTile.MostRows);
        UnitLength = format.IsFloat ? 1 : format.UnitBlocks;
        UnitPanelBytes = format.IsFloat ? format.UnitColumns * FloatTile.ColumnBytes : format.UnitBlocks * new QuantisedPanel(format).BlockBytes;
        UnitXBytes = format.IsFloat ? format.UnitColumns * sizeof(float) : format.UnitBlocks * ActivationBlock.Bytes;
        Assembler code = new();
        int expand = Place(code, () =>
        {
            if (format.IsFloat) FloatTile.EmitPanel(code, format);
            else QuantisedPanel.Emit(code, format);
        });
        int[] few = [.. Pairs(FewGroups, MostFewRows).Select(pair => Place(code, () =>
        {
            if (format.IsFloat) FloatGemv.Emit(code, format, pair.Groups, pair.Rows);
            else QuantisedGemv.Emit(code, format, pair.Rows);
        }))];
        int[] tiles = [.. Pairs(PanelGroups, TileRows).Select(pair => Place(code, () =>
        {
            if (format.IsFloat) FloatTile.Emit(code, format, pair.Groups, pair.Rows);
            else QuantisedTile.Emit(code, format, pair.Groups, pair.Rows);
        }))];
        byte* memory = ExecutableMemory.Place(code.ToArray());
        _expand = (delegate* unmanaged<Arguments*, void>)(memory + expand);
        _few = Functions(memory, few);
        _tiles = Functions(memory, tiles);
    }

    public PackedFormat Format { get; }

    /// <summary>Groups that few activations are multiplied with at once.</summary>
    public int FewGroups { get; }

    /// <summary>Activations of a full tile.</summary>
    public int TileRows { get; }

    /// <summary>What a tile counts a unit as.</summary>
    public int UnitLength { get; }

    public int UnitPanelBytes { get; }

    /// <summary>Bytes of an activation for a unit.</summary>
    public int UnitXBytes { get; }

    public void Expand(Arguments arguments) => _expand(&arguments);

    public void Few(Arguments arguments, int groups, int rows) => _few[((groups - 1) * MostFewRows) + rows - 1](&arguments);

    public void Tile(Arguments arguments, int groups, int rows) => _tiles[((groups - 1) * TileRows) + rows - 1](&arguments);

    private static IEnumerable<(int Groups, int Rows)> Pairs(int groups, int rows) =>
        from g in Enumerable.Range(1, groups)
        from r in Enumerable.Range(1, rows)
        select (g, r);

    private static int Place(Assembler code, Action emit)
    {
        code.Align(CodeAlignment);
        int start = code.Position;
        emit();
        return start;
    }

    private static delegate* unmanaged<Arguments*, void>[] Functions(byte* memory, int[] starts)
    {
        var functions = new delegate* unmanaged<Arguments*, void>[starts.Length];
        for (int i = 0; i < starts.Length; i++) functions[i] = (delegate* unmanaged<Arguments*, void>)(memory + starts[i]);
        return functions;
    }
}
