namespace EdgeBench.Engine.Inference.Generation;

/// <summary>How the next token is chosen. The default is greedy.</summary>
public sealed record SamplerOptions
{
    /// <summary>Logits are divided by it; 0 takes the largest.</summary>
    public double Temperature { get; init; }

    /// <summary>Only that many of the most likely tokens; 0 for all.</summary>
    public int TopK { get; init; }

    /// <summary>Only the most likely tokens whose probabilities add up to it. Source: A. Holtzman et al., "The Curious Case of Neural Text Degeneration", 2020.</summary>
    public double TopP { get; init; } = 1;

    /// <summary>The same seed gives the same tokens.</summary>
    public int Seed { get; init; }
}
