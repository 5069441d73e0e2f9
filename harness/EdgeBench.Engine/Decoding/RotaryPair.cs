using EdgeBench.Kernels.Dense;
using EdgeBench.Models.Architectures;

namespace EdgeBench.Engine.Decoding;

/// <summary>Rotary embedding of a model's layers: of those that see everything, and of those with a sliding window.</summary>
internal sealed class RotaryPair
{
    private readonly ModelArchitecture _architecture;
    private readonly Rotary _full;
    private readonly Rotary _sliding;

    /// <param name="context">Positions that will be used: beyond the original context, Phi-3's long factors apply to all of them, as in llama.cpp.</param>
    public RotaryPair(IWeights weights, int context)
    {
        _architecture = weights.Architecture;
        string factors = weights.Has("rope_freqs.weight") ? "rope_freqs.weight"
            : context > _architecture.RopeOriginalContext ? "rope_factors_long.weight" : "rope_factors_short.weight";
        _full = new Rotary(_architecture.Rope == RopeLayout.Interleaved, _architecture.RopeDimensions, _architecture.RopeBase, _architecture.RopeScale,
            weights.Has(factors) ? weights.Load(factors) : [], _architecture.RopeMagnitude);
        _sliding = _architecture.SlidingRopeBase is { } theta
            ? new Rotary(_architecture.Rope == RopeLayout.Interleaved, _architecture.RopeDimensions, theta)
            : _full;
    }

    public Rotary Of(int layer) => _architecture.Slides(layer) ? _sliding : _full;
}
