namespace EdgeBench.Engine.Training.Operations;

/// <summary>Heads of attention.</summary>
/// <param name="Heads">Query heads; head n reads key/value head n / (Heads / KvHeads).</param>
/// <param name="Causal">A query sees no later key; else all keys that are no padding (<see cref="Batch.Lengths"/>).</param>
public sealed record AttentionHeads(int Heads, int KvHeads, int HeadDim, bool Causal)
{
    /// <summary>Scores are multiplied by it.</summary>
    public float Scale { get; init; } = (float)(1 / Math.Sqrt(HeadDim));
}
