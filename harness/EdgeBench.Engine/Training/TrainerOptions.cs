namespace EdgeBench.Engine.Training;

/// <summary>How a <see cref="Trainer"/> works.</summary>
public sealed record TrainerOptions
{
    public int Threads { get; init; } = 1;

    /// <summary>Gradients are scaled down to this norm over all parameters; null for none.</summary>
    public double? ClipNorm { get; init; }

    /// <summary>Activations of a layer are dropped and computed again in the backward pass: less memory, about a third more time, the same bits.</summary>
    public bool Recompute { get; init; }

    /// <summary>Of dropout.</summary>
    public ulong Seed { get; init; } = 1;
}
