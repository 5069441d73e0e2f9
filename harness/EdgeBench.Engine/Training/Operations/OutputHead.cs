using EdgeBench.Engine.Training.Graphs;

namespace EdgeBench.Engine.Training.Operations;

/// <summary>What a model's logits are made of: hidden · weightᵀ + bias.</summary>
/// <param name="Hidden">One row for each target [targets, width].</param>
/// <param name="Weight">[classes, width].</param>
/// <param name="Bias">[1, classes], or null.</param>
public readonly record struct OutputHead(Tensor Hidden, Tensor Weight, Tensor? Bias = null)
{
    /// <summary>Ends the graph with the loss.</summary>
    public void AddLoss(Graph graph, SoftTargets? teacher = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        graph.Add(new LinearCrossEntropyOperation("loss", Hidden, Weight, Bias, teacher));
    }
}
