using EdgeBench.Kernels.Emitted;
using EdgeBench.Kernels.Packed.Emitted;

namespace EdgeBench.Kernels.Packed.Vnni512;

/// <summary>
/// Few activations times groups of quantised weights, read once and in order: levels are unpacked in registers and shared by all activations, whose
/// bytes come from memory four at a time to all 16 rows.
/// </summary>
internal static class QuantisedGemv
{
    private const int Dots = 8;

    public static void Emit(Assembler code, PackedFormat format, int rows)
    {
        QuantisedUnit unit = new(code, format, Register.Rsi);
        Activations activations = new(code, rows);
        Sums sums = new(code, 1, rows);
        unit.LoadMasks();
        Loops.Groups(code, format, activations, sums, groups: 1, format.UnitBlocks * ActivationBlock.Bytes, () =>
        {
            unit.LoadFactors();
            for (int block = 0; block < format.UnitBlocks; block++) Block(code, format, unit, activations, block);
        });
    }

    private static void Block(Assembler code, PackedFormat format, QuantisedUnit unit, Activations activations, int block)
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
                if (quad < format.LowBits) ReadAhead.Emit(code, new(Register.Rsi, Displacement: format.LowAt(block) + (quad * PackedFormat.QuadBytes)));
                for (int row = 0; row < activations.Rows; row++) code.DotBytes(Dots + row, unit.Quads + quad, activations.At(row) + (at + (quad * 4)));
            }
            for (int row = 0; row < activations.Rows; row++)
            {
                code.ToFloat(Dots + row, Dots + row);
                code.Multiply(Dots + row, Dots + row, unit.Scale);
                code.MultiplyAdd(row, Dots + row, activations.At(row) + (at + ActivationBlock.ScaleAt));
            }
        }
        for (int row = 0; row < activations.Rows && format.HasMinimum; row++)
            code.MultiplySubtract(row, unit.Minimum, activations.At(row) + (at + ActivationBlock.ScaledSumAt));
    }
}
