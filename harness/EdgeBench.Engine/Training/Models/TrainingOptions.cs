using EdgeBench.Kernels.Quantisation;

namespace EdgeBench.Engine.Training.Models;

/// <summary>Which weights of a model are trained, and how.</summary>
public sealed record TrainingOptions
{
    /// <summary>Whether a weight of that name is trained; null trains all, or with <see cref="Lora"/> none but the branches.</summary>
    public Func<string, bool>? Trains { get; init; }

    /// <summary>Branches of low rank beside linear layers; null for none.</summary>
    public LoraOptions? Lora { get; init; }

    /// <summary>The grid that a linear layer's weight is rounded to in the forward pass, by its name; null for none.</summary>
    public Func<string, WeightGrid?>? Grid { get; init; }

    /// <summary>Keeps matrices that are not trained in float16.</summary>
    public bool HalfFrozen { get; init; }
}
