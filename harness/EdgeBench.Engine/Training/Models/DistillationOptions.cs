namespace EdgeBench.Engine.Training.Models;

/// <summary>
/// Loss of a distillation: (1 - alpha) · cross-entropy of the targets + alpha · T² · KL(teacher ‖ student), both at temperature T. Source: G. Hinton et al.,
/// "Distilling the Knowledge in a Neural Network", 2015, section 2.
/// </summary>
/// <param name="Alpha">The teacher's share, from 0 to 1.</param>
/// <param name="Temperature">What logits are divided by, over 0.</param>
public sealed record DistillationOptions(double Alpha = 0.5, double Temperature = 2);
