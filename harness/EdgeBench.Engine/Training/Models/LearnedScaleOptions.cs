namespace EdgeBench.Engine.Training.Models;

/// <summary>
/// Trains the scales of grids (<c>&lt;weight&gt;.scales</c> [rows, groups]) with the weights, or without them where <see cref="TrainingOptions.Trains"/> says so. They start
/// at the grid's own. Sources: S. Esser et al., "Learned Step Size Quantization", 2020; J. Kim et al., "Memory-Efficient Fine-Tuning of Compressed Large Language
/// Models via sub-4-bit Integer Quantization", 2023, for scales alone.
/// </summary>
public sealed record LearnedScaleOptions
{
    /// <summary>
    /// What the learning rate of scales is multiplied by. Null is 1 / highest level, so that an optimiser whose steps do not depend on the size of gradients (AdamW) moves an
    /// outermost level as far as a weight; the paper's SGD has 1.
    /// </summary>
    public float? Rate { get; init; }
}
