using EdgeBench.Kernels.Emitted;

namespace EdgeBench.Kernels.Packed.Ymm;

/// <summary>
/// Levels of eight bits, signed: <c>vpmaddubsw</c> saturates, so the magnitude of the weight is multiplied with the activation that has taken its sign,
/// 2 · 128 · 127.
/// </summary>
internal sealed class SignDots(Assembler code, PackedFormat format) : ByteDots(code, format)
{
    // From a weight to its magnitude.
    private const int Magnitude = 2;

    public override bool TakesSigned => true;

    public override DotRegisters Few => new(Weights: 8, X: 12, Temporary: 13);

    public override void Prepare(int weights) => Code.Abs8(weights + Magnitude, weights);

    public override void Add(int dot, int weights, int x, int temporary)
    {
        Code.Sign8(temporary, x, weights);
        Code.DotPairs8(temporary, weights + Magnitude, temporary);
        Code.DotPairs16(temporary, temporary, GroupSums.Ones);
        Code.Add32(dot, dot, temporary);
    }
}
