namespace EdgeBench.Engine.Training.Graphs;

/// <summary>
/// A fused step of a graph with its derivative written by hand. Objects are made once for a shape of batch and run for every step without allocating. In
/// <see cref="Backward"/> gradients of outputs are complete; an operation contributes to the gradient of each input that
/// <see cref="Tensor.NeedsGradient"/>, overwriting or adding as <see cref="Tensor.StartsGradient"/> says.
/// </summary>
public interface IOperation
{
    /// <summary>Its kind, for profiles.</summary>
    string Name { get; }

    IReadOnlyList<Tensor> Inputs { get; }

    IReadOnlyList<Tensor> Outputs { get; }

    /// <summary>Inputs and outputs whose values <see cref="Backward"/> reads: they stay in memory until then. Asked when it is known what is trained.</summary>
    IReadOnlyList<Tensor> Kept { get; }

    /// <summary>Memory during a call, not from one to the next.</summary>
    IReadOnlyList<Tensor> Workspace => [];

    /// <summary>The input whose value the first output may replace in place, where nobody needs it any more; or null. It may not be granted.</summary>
    Tensor? ReplacesValue => null;

    /// <summary>The input whose gradient may lie in the first output's, or null. It may not be granted: then the two addresses differ.</summary>
    Tensor? ReplacesGradient => null;

    /// <summary>Whether <see cref="Forward"/> already writes the inputs' gradients (a loss, from which everything starts).</summary>
    bool IsLoss => false;

    void Forward(StepContext context);

    void Backward(StepContext context);
}
