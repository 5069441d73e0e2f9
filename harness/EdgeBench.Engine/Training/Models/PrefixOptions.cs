namespace EdgeBench.Engine.Training.Models;

/// <summary>
/// Prefix tuning: trained keys and values in each layer that every query sees beside the text's, trained directly and not through a network. Source: X. Li, P. Liang,
/// "Prefix-Tuning: Optimizing Continuous Prompts for Generation", 2021, section 4.
/// </summary>
/// <param name="Tokens">How many; the text's positions begin after them.</param>
public sealed record PrefixOptions(int Tokens)
{
    /// <summary>Tokens whose keys and values in the model are the first values, cut or repeated to the number (section 7.4); null draws normal numbers.</summary>
    public IReadOnlyList<int>? Start { get; init; }

    /// <summary>Of the numbers that are drawn.</summary>
    public float Deviation { get; init; } = 0.02f;

    public ulong Seed { get; init; } = 1;
}
