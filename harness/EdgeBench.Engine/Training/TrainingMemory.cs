namespace EdgeBench.Engine.Training;

/// <summary>Bytes that training holds, by purpose; of the largest shape of batch so far.</summary>
/// <param name="Weights">Values of all parameters.</param>
/// <param name="Gradients">Of trained parameters.</param>
/// <param name="Optimiser">Moments.</param>
/// <param name="Activations">Values kept for the backward pass, their gradients and working memory of operations, as they share one block.</param>
/// <param name="Workspace">Packed factors of products and threads' own memory.</param>
public sealed record TrainingMemory(long Weights, long Gradients, long Optimiser, long Activations, long Workspace);
