using EdgeBench.Kernels.Emitted;
using EdgeBench.Kernels.Packed.Emitted;

namespace EdgeBench.Kernels.Packed.Vnni512;

/// <summary>
/// Few activations times groups of quantised weights, read once and in order: levels are unpacked in registers and shared by all activations, whose
/// bytes come from memory four at a time to all 16 rows. Two groups in turn, from two streams: a processor reads ahead in each of them.
/// </summary>
internal static class QuantisedGemv
{
    /// <summary>The most activations.</summary>
    public const int MostRows = 8;

    // Vectors: sums, sums of integers, then those of a unit.
    private const int Dots = 8, Streams = 2;

    public static int MostGroups(int rows) => rows * Streams <= Dots ? Streams : 1;

    public static void Emit(Assembler code, PackedFormat format, int groups, int rows)
    {
        Activations activations = new(code, rows);
        Sums sums = new(code, groups, rows, areStreams: true);
        QuantisedUnit[] units = [.. Enumerable.Range(0, groups).Select(group => new QuantisedUnit(code, format, new(Register.Rsi, Register.Rax, group)))];
        units[0].LoadMasks();
        Loops.Groups(code, format, activations, sums, groups, format.UnitBlocks * ActivationBlock.Bytes, () =>
        {
            for (int group = 0; group < groups; group++)
            {
                units[group].LoadFactors();
                for (int block = 0; block < format.UnitBlocks; block++) Block(code, format, units[group], activations, sums, block, group);
            }
        });
    }

    private static void Block(Assembler code, PackedFormat format, QuantisedUnit unit, Activations activations, Sums sums, int block, int group)
    {
        int at = block * ActivationBlock.Bytes, quads = 8 / format.Scales;
        unit.LoadQuads(block);
        if (format.HasMinimum) unit.LoadMinimum(block);
        for (int part = 0; part < format.Scales; part++)
        {
            unit.LoadScale(block, part);
            for (int row = 0; row < activations.Rows; row++)
            {
                if (format.Zero == 0) code.Zero(Dots + row);
                else code.Broadcast(Dots + row, activations.At(row) + (at + ActivationBlock.StartAt(format) + (part * sizeof(int))));
            }
            for (int quad = part * quads; quad < (part + 1) * quads; quad++)
            {
                ReadAhead.Emit(code, format, unit.Place, (block * 8) + quad, format.UnitBlocks * 8);
                for (int row = 0; row < activations.Rows; row++) code.DotBytes(Dots + row, unit.Quads + quad, activations.At(row) + (at + (quad * 4)));
            }
            for (int row = 0; row < activations.Rows; row++)
            {
                code.ToFloat(Dots + row, Dots + row);
                code.Multiply(Dots + row, Dots + row, unit.Scale);
                code.MultiplyAdd(sums.At(group, row), Dots + row, activations.At(row) + (at + ActivationBlock.ScaleAt));
            }
        }
        for (int row = 0; row < activations.Rows && format.HasMinimum; row++)
            code.MultiplySubtract(sums.At(group, row), unit.Minimum, activations.At(row) + (at + ActivationBlock.ScaledSumAt));
    }
}
