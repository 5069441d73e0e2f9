namespace EdgeBench.Engine.Training;

/// <summary>Sequences of equal length, one after another; shorter ones are padded at their end.</summary>
/// <param name="Tokens">[sequences · length].</param>
/// <param name="Targets">Of a decoder [sequences · length]: the label of each position, already shifted; of a classifier [sequences]. <see cref="Ignored"/> has no loss.</param>
public sealed record Batch(int Sequences, int Length, int[] Tokens, int[] Targets)
{
    /// <summary>The target of positions that do not count.</summary>
    public const int Ignored = -100;

    /// <summary>Token types of an encoder [sequences · length]; null is all 0.</summary>
    public int[]? Types { get; init; }

    /// <summary>Tokens of each sequence that are no padding; null is all. A causal model needs none.</summary>
    public int[]? Lengths { get; init; }

    /// <summary>Targets that count.</summary>
    public int Counted => Targets.AsSpan().Length - Targets.AsSpan().Count(Ignored);
}
