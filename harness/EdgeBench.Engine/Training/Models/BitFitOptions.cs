namespace EdgeBench.Engine.Training.Models;

/// <summary>Training of the biases of linear layers only; zeros where the model has none. Source: E. Ben Zaken et al., "BitFit", 2022, section 3.</summary>
/// <param name="Targets">Last parts of names: <c>q_proj</c>, <c>down_proj</c>; null is all linear layers.</param>
public sealed record BitFitOptions(IReadOnlyList<string>? Targets = null);
