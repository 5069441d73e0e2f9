using EdgeBench.Engine.Decoding;

namespace EdgeBench.Compression.Awq;

/// <summary>Sites whose inputs may be rescaled, because what makes them is linear in that scale.</summary>
[Flags]
public enum FoldSites
{
    None = 0,

    /// <summary>Inputs of attention and feed-forward: the scale goes into the norm's gain.</summary>
    Norms = 1,

    /// <summary>Input of <c>ffn_down</c>: the scale goes into the rows of <c>ffn_up</c>.</summary>
    UpRows = 2,

    /// <summary>Input of <c>attn_output</c>: the scale goes into the rows of <c>attn_v</c>, one for all query heads that read the same row.</summary>
    ValueRows = 4,

    /// <summary>What AWQ's authors fold where query heads share value heads.</summary>
    Published = Norms | UpRows,

    All = Norms | UpRows | ValueRows,
}

internal static class FoldSitesOf
{
    public static bool Includes(this FoldSites sites, LinearSite site) => sites.HasFlag(site switch
    {
        LinearSite.AttentionInput or LinearSite.FeedForwardInput => FoldSites.Norms,
        LinearSite.FeedForwardOutput => FoldSites.UpRows,
        _ => FoldSites.ValueRows,
    });
}
