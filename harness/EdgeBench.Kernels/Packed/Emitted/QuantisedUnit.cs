using EdgeBench.Kernels.Emitted;

namespace EdgeBench.Kernels.Packed.Emitted;

/// <summary>
/// Code that takes a block of a packed unit apart, 16 rows or eight at a time: <see cref="Quads"/> get its levels as bytes, <see cref="Scale"/> and <see cref="Minimum"/>
/// those of its rows as floats. Takes the last 16 vectors.
/// </summary>
/// <param name="isSigned">Levels of eight bits become signed.</param>
internal readonly struct QuantisedUnit(Assembler code, PackedFormat format, Memory unit, bool isSigned = false)
{
    private readonly int _first = code.Registers - 16;

    public Memory Place => unit;

    /// <summary>The first of eight registers.</summary>
    public int Quads => _first;

    public int Scale => _first + 8;

    public int Minimum => _first + 9;

    private int Factor => _first + 10;

    private int MinimumFactor => _first + 11;

    private int Temporary => _first + 12;

    private int HighMask => _first + 14;

    private int LowMask => _first + 15;

    public void LoadMasks()
    {
        if (format.LowBits == 4 || isSigned) code.Broadcast(LowMask, Arguments.At(nameof(Arguments.LowBits)));
        if (format.HighBits > 0) code.Broadcast(HighMask, Arguments.At(nameof(Arguments.HighBits)));
    }

    /// <summary>What all blocks of a unit share.</summary>
    /// <param name="part">Of a group of more than one vector which.</param>
    public void LoadFactors(int part = 0)
    {
        if (!format.HasByteScales) return;
        code.LoadHalves(Factor, Halves(PackedFormat.FactorAt(0), part));
        if (format.HasMinimum) code.LoadHalves(MinimumFactor, Halves(PackedFormat.FactorAt(1), part));
    }

    public void LoadQuads(int block, int part = 0)
    {
        int low = format.LowAt(block);
        for (int quad = 0; quad < format.LowBits; quad++) code.LoadVector(Quads + quad, Quad(low, quad, part));
        if (format.LowBits == 8)
        {
            for (int quad = 0; quad < 8 && isSigned; quad++) code.Xor(Quads + quad, Quads + quad, LowMask);
            return;
        }
        for (int quad = 0; quad < 4; quad++)
        {
            code.Shift16(Quads + quad + 4, Quads + quad, 4);
            code.And(Quads + quad, Quads + quad, LowMask);
            code.And(Quads + quad + 4, Quads + quad + 4, LowMask);
        }
        AddHighBits(format.HighAt(block), part);
    }

    /// <param name="scale">Of a block with two scales the first (0) or second.</param>
    public void LoadScale(int block, int scale, int part = 0) => LoadScale(Scale, Factor, format.ScaleAt(block, scale), part);

    public void LoadMinimum(int block, int part = 0) => LoadScale(Minimum, MinimumFactor, format.MinimumAt(block), part);

    private Memory Quad(int start, int quad, int part) => unit + (start + (quad * PackedFormat.QuadBytes) + (part * code.VectorBytes));

    private Memory Halves(int start, int part) => unit + (start + (part * code.Lanes * sizeof(ushort)));

    private void AddHighBits(int high, int part)
    {
        for (int quad = 0; quad < 8 && format.HighBits > 0; quad++)
        {
            int quadsOfVector = 8 / format.HighBits, source = Temporary;
            if (quad % quadsOfVector == 0) code.LoadVector(Temporary, Quad(high, quad / quadsOfVector, part));
            // To bit 4 of each byte; bits that enter from the neighbouring byte fall to the mask.
            int right = (quad % quadsOfVector * format.HighBits) - 4;
            if (right != 0) code.Shift16(source = Temporary + 1, Temporary, right);
            if (code.Lanes == 16)
            {
                code.OrAnd(Quads + quad, source, HighMask);
                continue;
            }
            code.And(Temporary + 1, source, HighMask);
            code.Or(Quads + quad, Quads + quad, Temporary + 1);
        }
    }

    private void LoadScale(int target, int factor, int start, int part)
    {
        if (!format.HasByteScales)
        {
            code.LoadHalves(target, Halves(start, part));
            return;
        }
        code.LoadBytes(target, unit + (start + (part * code.Lanes)));
        code.ToFloat(target, target);
        code.Multiply(target, target, factor);
    }
}
