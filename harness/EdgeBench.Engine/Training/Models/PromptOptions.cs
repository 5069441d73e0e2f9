namespace EdgeBench.Engine.Training.Models;

/// <summary>Prompt tuning: trained embeddings before those of every sequence. Source: B. Lester et al., "The Power of Scale for Parameter-Efficient Prompt Tuning", 2021.</summary>
/// <param name="Tokens">How many; the text's positions begin after them.</param>
public sealed record PromptOptions(int Tokens)
{
    /// <summary>Tokens whose embeddings are the first values, cut or repeated to the number; null draws them from the vocabulary.</summary>
    public IReadOnlyList<int>? Start { get; init; }

    /// <summary>Of what is drawn.</summary>
    public ulong Seed { get; init; } = 1;
}
