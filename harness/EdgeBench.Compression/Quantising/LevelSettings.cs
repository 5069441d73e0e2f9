using EdgeBench.Compression.Awq;
using EdgeBench.Compression.Gptq;
using EdgeBench.Compression.Grids;

namespace EdgeBench.Compression.Quantising;

/// <summary>How the levels of a block's matrices are found, whatever the format.</summary>
public sealed record LevelSettings
{
    /// <summary>GPTQ, else round to nearest.</summary>
    public bool Gptq { get; init; }

    public ColumnOrder Order { get; init; } = ColumnOrder.Natural;

    public ScaleRule Scales { get; init; } = ScaleRule.Range;

    /// <summary>Share of the Hessian's mean diagonal that is added to it.</summary>
    public double Damping { get; init; } = 0.01;

    /// <summary>Which sites get column scales that are folded into the tensor before.</summary>
    public FoldSites Fold { get; init; } = FoldSites.None;

    /// <summary>Powers of the mean magnitude that are tried: 0, 1/n … (n-1)/n.</summary>
    public int FoldPowers { get; init; } = 20;

    /// <summary>Judges a power by the levels that GPTQ would give instead of by rounding to nearest.</summary>
    public bool FoldByGptq { get; init; }

    /// <summary>SmoothQuant's α for the sites that read a norm, or null for none. Not together with <see cref="Fold"/>.</summary>
    public double? Smooth { get; init; }

    /// <summary>Whether Gram matrices decide anything.</summary>
    public bool NeedsGram => Gptq || Fold != FoldSites.None;

    /// <summary>Whether levels or scales depend on what the matrices read.</summary>
    public bool NeedsCalibration => NeedsGram || Smooth is not null || Scales == ScaleRule.Search;
}
