using EdgeBench.Kernels.Emitted;
using EdgeBench.Kernels.Packed.Emitted;

namespace EdgeBench.Kernels.Packed.Ymm;

/// <summary>Code that takes two quads of eight rows out of a packed unit at rsi, and what scales them. Masks stand in vectors 14 and 15.</summary>
internal readonly struct UnitQuads(Assembler code, PackedFormat format, ByteDots dots)
{
    private const int HighMask = 14, LowMask = 15, Parts = 2;

    private bool IsSigned => format.LowBits == 8 && dots.TakesSigned;

    public void LoadMasks()
    {
        if (format.LowBits == 4 || IsSigned) code.Broadcast(LowMask, Arguments.At(nameof(Arguments.LowBits)));
        if (format.HighBits > 0) code.Broadcast(HighMask, Arguments.At(nameof(Arguments.HighBits)));
    }

    /// <summary>Puts what all blocks of a unit share into working memory.</summary>
    public void StoreFactors()
    {
        for (int which = 0; which < (format.HasMinimum ? 2 : 1) && format.HasByteScales; which++)
        {
            for (int part = 0; part < Parts; part++)
            {
                code.LoadHalves(dots.Few.X, Halves(PackedFormat.FactorAt(which), part));
                code.StoreVector(GroupSums.Factor(which, part), dots.Few.X);
            }
        }
    }

    /// <summary>Levels of two quads of a block to the vectors of weights.</summary>
    public void Load(int block, int first, int second, int part)
    {
        int weights = dots.Few.Weights;
        Low(weights, block, first, part);
        if (format.LowBits == 4 && second == first + 4)
        {
            code.Shift16(weights + 1, weights, 4);
            code.And(weights + 1, weights + 1, LowMask);
        }
        else
        {
            Low(weights + 1, block, second, part);
            Nibble(weights + 1, second);
        }
        Nibble(weights, first);
        AddHighBits(weights, block, first, part);
        AddHighBits(weights + 1, block, second, part);
        dots.Prepare(weights);
        dots.Prepare(weights + 1);
    }

    /// <summary>Scales (0) or minima (1) of eight rows.</summary>
    public void LoadScale(int target, int which, int start, int part)
    {
        if (!format.HasByteScales)
        {
            code.LoadHalves(target, Halves(start, part));
            return;
        }
        code.LoadBytes(target, new Memory(Register.Rsi, Displacement: start + (part * code.Lanes)));
        code.ToFloat(target, target);
        code.Multiply(target, target, GroupSums.Factor(which, part));
    }

    private void Low(int target, int block, int quad, int part)
    {
        Memory source = Quad(format.LowAt(block), quad % format.LowBits, part);
        if (IsSigned) code.Xor(target, LowMask, source);
        else code.LoadVector(target, source);
    }

    private void Nibble(int target, int quad)
    {
        if (format.LowBits == 8) return;
        if (quad >= 4) code.Shift16(target, target, 4);
        code.And(target, target, LowMask);
    }

    private void AddHighBits(int target, int block, int quad, int part)
    {
        if (format.HighBits == 0) return;
        int quadsOfVector = 8 / format.HighBits, right = (quad % quadsOfVector * format.HighBits) - 4, bits = dots.Few.Temporary;
        code.LoadVector(bits, Quad(format.HighAt(block), quad / quadsOfVector, part));
        // To bit 4 of each byte; bits that enter from the neighbouring byte fall to the mask.
        if (right != 0) code.Shift16(bits, bits, right);
        code.And(bits, bits, HighMask);
        code.Or(target, target, bits);
    }

    private Memory Quad(int start, int quad, int part) => new(Register.Rsi, Displacement: start + (quad * PackedFormat.QuadBytes) + (part * code.VectorBytes));

    private Memory Halves(int start, int part) => new(Register.Rsi, Displacement: start + (part * code.Lanes * sizeof(ushort)));
}
