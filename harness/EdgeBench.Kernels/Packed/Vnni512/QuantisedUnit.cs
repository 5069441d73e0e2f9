using EdgeBench.Kernels.Emitted;

namespace EdgeBench.Kernels.Packed.Vnni512;

/// <summary>Code that takes a block of a packed unit apart: <see cref="Quads"/> get its levels as bytes, <see cref="Scale"/> and <see cref="Minimum"/> those of 16 rows as floats.</summary>
internal readonly struct QuantisedUnit(Assembler code, PackedFormat format, Register unit)
{
    /// <summary>The first of eight registers.</summary>
    public const int Quads = 16;

    public const int Scale = 24, Minimum = 25;

    private const int Factor = 26, MinimumFactor = 27, Temporary = 28, HighMask = 30, LowMask = 31;

    public void LoadMasks()
    {
        if (format.LowBits == 4) code.Broadcast(LowMask, Arguments.At(nameof(Arguments.LowBits)));
        if (format.HighBits > 0) code.Broadcast(HighMask, Arguments.At(nameof(Arguments.HighBits)));
    }

    /// <summary>What all blocks of a unit share.</summary>
    public void LoadFactors()
    {
        if (!format.HasByteScales) return;
        code.LoadHalves(Factor, At(PackedFormat.FactorAt(0)));
        if (format.HasMinimum) code.LoadHalves(MinimumFactor, At(PackedFormat.FactorAt(1)));
    }

    public void LoadQuads(int block)
    {
        int low = format.LowAt(block);
        if (format.LowBits == 8)
        {
            for (int quad = 0; quad < 8; quad++) code.LoadVector(Quads + quad, At(low + (quad * PackedFormat.QuadBytes)));
            return;
        }
        for (int quad = 0; quad < 4; quad++)
        {
            code.LoadVector(Quads + quad, At(low + (quad * PackedFormat.QuadBytes)));
            code.Shift16(Quads + quad + 4, Quads + quad, 4);
            code.And(Quads + quad, Quads + quad, LowMask);
            code.And(Quads + quad + 4, Quads + quad + 4, LowMask);
        }
        AddHighBits(block);
    }

    /// <param name="part">Of a block with two scales the first (0) or second.</param>
    public void LoadScale(int block, int part) => LoadScale(Scale, Factor, format.ScaleAt(block, part));

    public void LoadMinimum(int block) => LoadScale(Minimum, MinimumFactor, format.MinimumAt(block));

    private Memory At(int offset) => new(unit, Displacement: offset);

    private void AddHighBits(int block)
    {
        int high = format.HighAt(block);
        for (int quad = 0; quad < 8 && format.HighBits > 0; quad++)
        {
            int quadsOfVector = 8 / format.HighBits, source = Temporary;
            if (quad % quadsOfVector == 0) code.LoadVector(Temporary, At(high + (quad / quadsOfVector * PackedFormat.QuadBytes)));
            // To bit 4 of each byte; bits that enter from the neighbouring byte fall to the mask.
            int right = (quad % quadsOfVector * format.HighBits) - 4;
            if (right != 0) code.Shift16(source = Temporary + 1, Temporary, right);
            code.OrAnd(Quads + quad, source, HighMask);
        }
    }

    private void LoadScale(int target, int factor, int start)
    {
        if (!format.HasByteScales)
        {
            code.LoadHalves(target, At(start));
            return;
        }
        code.LoadBytes(target, At(start));
        code.ToFloat(target, target);
        code.Multiply(target, target, factor);
    }
}
