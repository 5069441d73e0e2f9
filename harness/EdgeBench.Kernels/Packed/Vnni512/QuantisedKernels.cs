using EdgeBench.Kernels.Emitted;

namespace EdgeBench.Kernels.Packed.Vnni512;

/// <summary>The emitted functions of one quantised format.</summary>
internal sealed unsafe class QuantisedKernels
{
    private const int CodeAlignment = 64;

    private readonly delegate* unmanaged<Arguments*, void>[] _gemv = new delegate* unmanaged<Arguments*, void>[QuantisedGemv.MostRows];
    private readonly delegate* unmanaged<Arguments*, void>[] _tiles = new delegate* unmanaged<Arguments*, void>[QuantisedPanel.Groups * QuantisedTile.MostRows];

    public QuantisedKernels(PackedFormat format)
    {
        Assembler code = new();
        List<int> starts = [];
        Emit(() => QuantisedPanel.Emit(code, format));
        for (int rows = 1; rows <= _gemv.Length; rows++) Emit(() => QuantisedGemv.Emit(code, format, rows));
        for (int tile = 0; tile < _tiles.Length; tile++)
            Emit(() => QuantisedTile.Emit(code, format, (tile / QuantisedTile.MostRows) + 1, (tile % QuantisedTile.MostRows) + 1));
        byte* memory = ExecutableMemory.Place(code.ToArray());
        Expand = (delegate* unmanaged<Arguments*, void>)(memory + starts[0]);
        for (int i = 0; i < _gemv.Length; i++) _gemv[i] = (delegate* unmanaged<Arguments*, void>)(memory + starts[1 + i]);
        for (int i = 0; i < _tiles.Length; i++) _tiles[i] = (delegate* unmanaged<Arguments*, void>)(memory + starts[1 + _gemv.Length + i]);

        void Emit(Action body)
        {
            code.Align(CodeAlignment);
            starts.Add(code.Position);
            body();
        }
    }

    public delegate* unmanaged<Arguments*, void> Expand { get; }

    public delegate* unmanaged<Arguments*, void> Gemv(int rows) => _gemv[rows - 1];

    public delegate* unmanaged<Arguments*, void> Tile(int groups, int rows) => _tiles[((groups - 1) * QuantisedTile.MostRows) + rows - 1];
}
