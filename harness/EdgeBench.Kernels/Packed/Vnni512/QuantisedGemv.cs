using EdgeBench.Kernels.Emitted;

namespace EdgeBench.Kernels.Packed.Vnni512;

/// <summary>
/// Few activations times groups of quantised weights, read once and in order: levels are unpacked in registers and shared by all activations, whose
/// bytes come from memory four at a time to all 16 rows.
/// </summary>
internal static class QuantisedGemv
{
    /// <summary>The most activations at once.</summary>
    public const int MostRows = 8;

    private const int Dots = 8;

    // Ahead of the weights in use: what memory's latency covers at the speed of one core.
    private const int PrefetchBytes = 4096;

    public static void Emit(Assembler code, PackedFormat format, int rows)
    {
        QuantisedUnit unit = new(code, format, Register.Rsi);
        Columns columns = new(code, rows);
        unit.LoadMasks();
        code.Load(Register.Rsi, Arguments.At(nameof(Arguments.Weights)));
        code.Load(Register.Rdx, Arguments.At(nameof(Arguments.Y)));
        columns.LoadStride();
        code.Load(Register.Rax, Arguments.At(nameof(Arguments.Mask)));
        code.LoadMask(Register.Rax);
        int group = code.Position;
        columns.Start();
        columns.LoadSums();
        code.Load(Register.R11, Arguments.At(nameof(Arguments.Length)));
        int next = code.Position;
        for (int line = 0; line < format.UnitBytes; line += 64) code.Prefetch(new Memory(Register.Rsi, Displacement: PrefetchBytes + line));
        unit.LoadFactors();
        for (int block = 0; block < format.UnitBlocks; block++) Block(code, format, unit, columns, block);
        code.Add(Register.Rsi, format.UnitBytes);
        columns.Advance(format.UnitBlocks * ActivationBlock.Bytes);
        code.Decrement(Register.R11);
        code.JumpIfNotZero(next);
        columns.StoreSums();
        code.Add(Register.Rdx, PackedFormat.GroupRows * sizeof(float));
        code.Decrement(Arguments.At(nameof(Arguments.Groups)));
        code.JumpIfNotZero(group);
        code.Return();
    }

    private static void Block(Assembler code, PackedFormat format, QuantisedUnit unit, Columns columns, int block)
    {
        int at = block * ActivationBlock.Bytes, quads = 8 / format.Scales;
        unit.LoadQuads(block);
        if (format.HasMinimum) unit.LoadMinimum(block);
        for (int part = 0; part < format.Scales; part++)
        {
            unit.LoadScale(block, part);
            for (int row = 0; row < columns.Count; row++)
            {
                if (format.Zero == 0) code.Zero(Dots + row);
                else code.Broadcast(Dots + row, columns.At(row) + (at + ActivationBlock.StartAt(format) + (part * sizeof(int))));
            }
            for (int quad = part * quads; quad < (part + 1) * quads; quad++)
            {
                for (int row = 0; row < columns.Count; row++) code.DotBytes(Dots + row, QuantisedUnit.Quads + quad, columns.At(row) + (at + (quad * 4)));
            }
            for (int row = 0; row < columns.Count; row++)
            {
                code.ToFloat(Dots + row, Dots + row);
                code.Multiply(Dots + row, Dots + row, QuantisedUnit.Scale);
                code.MultiplyAdd(row, Dots + row, columns.At(row) + (at + ActivationBlock.ScaleAt));
                if (format.HasMinimum) code.MultiplySubtract(row, QuantisedUnit.Minimum, columns.At(row) + (at + ActivationBlock.ScaledSumAt));
            }
        }
    }
}
