using EdgeBench.Engine.Training.Graphs;
using EdgeBench.Engine.Training.Operations;

namespace EdgeBench.Engine.Training.Models;

/// <summary>A model that a <see cref="Trainer"/> trains: its parameters, and the graph of its loss for a shape of batch.</summary>
public interface ITrainable
{
    /// <summary>All weights, trained or not, in a fixed order.</summary>
    IReadOnlyList<Parameter> Parameters { get; }

    /// <summary>What targets are numbers of: the vocabulary, or labels.</summary>
    int Classes { get; }

    /// <summary>Appends the operations from tokens to the last hidden states.</summary>
    OutputHead Forward(Graph graph, int sequences, int length);

    /// <summary>Operations from tokens to the loss, which is the last one.</summary>
    Graph Build(int sequences, int length);

    /// <summary>Throws <see cref="Core.Problems.EdgeBenchException"/> (bad input) where tokens, targets, types or lengths are not this model's.</summary>
    void Check(Batch batch);
}
