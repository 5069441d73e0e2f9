using EdgeBench.Kernels.Emitted;

namespace EdgeBench.Kernels.Packed.Ymm;

/// <summary>Levels of five and six bits: two quads fit 16 bits, 2 · 2 · 63 · 127.</summary>
internal sealed class PairDots(Assembler code, PackedFormat format) : ByteDots(code, format)
{
    public override int Quads => 2;

    public override DotRegisters Tile => new(Weights: 8, X: 12, Temporary: 14);

    public override void Add(int dot, int weights, int x, int temporary)
    {
        Code.DotPairs8(temporary, weights, x);
        Code.DotPairs8(temporary + 1, weights + 1, x + 1);
        Code.Add16(temporary, temporary, temporary + 1);
        Code.DotPairs16(temporary, temporary, GroupSums.Ones);
        Code.Add32(dot, dot, temporary);
    }
}
