using EdgeBench.Kernels.Emitted;

namespace EdgeBench.Kernels.Packed.Ymm;

/// <summary>AVX-VNNI: unsigned weights, no saturation; twelve sums, as additions to one wait five cycles for each other.</summary>
internal sealed class VnniDots(Assembler code, PackedFormat format) : ByteDots(code, format)
{
    public override int TileRows => 6;

    public override DotRegisters Tile => new(Weights: 12, X: 14, Temporary: 15);

    public override void Add(int dot, int weights, int x, int temporary) => Code.DotBytes(dot, weights, x);
}
