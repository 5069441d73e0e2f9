using EdgeBench.Kernels.Emitted;

namespace EdgeBench.Kernels.Packed.Ymm;

/// <summary>Levels of four bits: eight quads fit 16 bits, 8 · 2 · 15 · 127.</summary>
internal sealed class NibbleDots(Assembler code, PackedFormat format) : ByteDots(code, format)
{
    public override void Start(int dot, Memory block, int scale) => Code.Zero(dot);

    public override void Add(int dot, int weights, int x, int temporary)
    {
        Code.DotPairs8(temporary, weights, x);
        Code.Add16(dot, dot, temporary);
    }

    public override void Finish(int dot, int temporary, Memory block, int scale)
    {
        Code.DotPairs16(dot, dot, GroupSums.Ones);
        if (StartsAtZero) return;
        Code.Broadcast(temporary, StartAt(block, scale));
        Code.Add32(dot, dot, temporary);
    }
}
