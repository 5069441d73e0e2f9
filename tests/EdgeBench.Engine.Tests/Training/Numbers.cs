using EdgeBench.Engine.Training.Graphs;
using EdgeBench.Engine.Training.Models;

namespace EdgeBench.Engine.Tests.Training;

/// <summary>Random tensors from a seed.</summary>
internal static class Numbers
{
    public static Parameter Parameter(string name, int[] shape, int seed, bool trainable) =>
        new(name, shape, new NormalNumbers((ulong)seed).Take(shape.Aggregate((a, b) => a * b), 0.7f), trainable);
}
