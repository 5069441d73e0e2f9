using EdgeBench.Engine.Inference.Memory;
using EdgeBench.Engine.Training;
using EdgeBench.Engine.Training.Graphs;

namespace EdgeBench.Engine.Tests.Training;

/// <summary>Values inside of a graph.</summary>
internal static unsafe class GraphValues
{
    /// <summary>Runs a graph forward up to the operation that makes the tensor of that name, and returns it.</summary>
    public static float[] Of(Graph graph, Batch batch, string name)
    {
        Tape tape = new(graph, recomputes: false);
        using NativeBlock memory = new(tape.Bytes);
        tape.Place((nint)memory.Data);
        using StepContext context = new(1, 1) { Batch = batch };
        foreach (IOperation operation in graph.Operations)
        {
            operation.Forward(context);
            Tensor first = operation.Outputs[0];
            if (first.Name == name) return new ReadOnlySpan<float>(first.Value, (int)first.Count).ToArray();
        }
        throw new ArgumentException($"No tensor {name}.", nameof(name));
    }
}
