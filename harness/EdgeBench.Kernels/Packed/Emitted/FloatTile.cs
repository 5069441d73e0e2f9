using EdgeBench.Kernels.Emitted;

namespace EdgeBench.Kernels.Packed.Emitted;

/// <summary>
/// Groups of weights as float32, column after column, times up to six activations: 24 sums (AVX2: 12), then four (two) weights, then activations in turn. The
/// panel has places for four groups whether they are there or not.
/// </summary>
internal static class FloatTile
{
    public const int ColumnBytes = FormatCode.PanelGroups * GroupBytes;

    private const int GroupBytes = PackedFormat.GroupRows * sizeof(float);

    public static void Emit(Assembler code, PackedFormat format, int groups, int rows)
    {
        Activations activations = new(code, rows);
        Sums sums = new(code, groups, rows);
        int weights = sums.Vectors * rows, firstX = weights + sums.Vectors, xRegisters = Math.Min(4, code.Registers - firstX);
        Loops.Tiles(code, activations, sums, format.UnitColumns * ColumnBytes, format.UnitColumns * sizeof(float), () =>
        {
            for (int column = 0; column < format.UnitColumns; column++)
            {
                for (int i = 0; i < sums.Vectors; i++) code.LoadVector(weights + i, new Memory(Register.Rsi, Displacement: (column * ColumnBytes) + (i * code.VectorBytes)));
                for (int row = 0; row < rows; row++)
                {
                    int x = firstX + (row % xRegisters);
                    code.Broadcast(x, activations.At(row) + (column * sizeof(float)));
                    for (int i = 0; i < sums.Vectors; i++) code.MultiplyAdd(sums.At(i, row), weights + i, x);
                }
            }
        });
    }

    /// <summary>Code that widens a range of units of some groups into a panel.</summary>
    public static void EmitPanel(Assembler code, PackedFormat format)
    {
        int parts = PackedFormat.GroupRows / code.Lanes;
        Loops.Panel(code, format, format.UnitColumns * ColumnBytes, () =>
        {
            for (int i = 0; i < format.UnitColumns * parts; i++)
            {
                int target = i % 8;
                FloatUnit.LoadVector(code, format, target, new Memory(Register.Rsi, Displacement: i * code.Lanes * format.ElementBytes));
                code.StoreVector(new Memory(Register.Rcx, Displacement: (i / parts * ColumnBytes) + (i % parts * code.VectorBytes)), target);
            }
        });
    }
}
