namespace EdgeBench.Engine.Training.Models;

/// <summary>
/// Bottleneck adapters on the result s of sub-layers, before the residual sum: s + up(silu(down(s))), both with biases. Source: N. Houlsby et al., "Parameter-Efficient
/// Transfer Learning for NLP", 2019, section 2.1; with <paramref name="Attention"/> false J. Pfeiffer et al., "AdapterFusion", 2020, section 4.1.
/// </summary>
/// <param name="Rank">Elements between down and up.</param>
/// <param name="Attention">One after each attention's output projection.</param>
/// <param name="FeedForward">One after each feed-forward's last projection.</param>
public sealed record AdapterOptions(int Rank, bool Attention = true, bool FeedForward = true)
{
    /// <summary>Of the first values of down: normal with deviation 1 / sqrt(width); up and all biases are zero, so that training starts at the model.</summary>
    public ulong Seed { get; init; } = 1;
}
