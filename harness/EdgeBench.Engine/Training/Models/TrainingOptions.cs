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

/// <summary>LoRA of some linear layers.</summary>
/// <param name="Targets">Last parts of names: <c>q_proj</c>, <c>v_proj</c>.</param>
/// <param name="Dropout">Share of inputs that are left out in training.</param>
public sealed record LoraOptions(int Rank, float Alpha, IReadOnlyList<string> Targets, float Dropout = 0)
{
    /// <summary>Of the first values of A: normal with deviation 1 / sqrt(in); B is zero, so that training starts at the model.</summary>
    public ulong Seed { get; init; } = 1;
}
