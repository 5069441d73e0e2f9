using EdgeBench.Engine.Training.Graphs;

namespace EdgeBench.Engine.Training.Optimisers;

/// <summary>Changes parameters by their gradients, and remembers moments.</summary>
public interface IOptimiser : IDisposable
{
    /// <summary>Kind and constants: part of what a checkpoint belongs to.</summary>
    string Description { get; }

    /// <summary>Moments, in a fixed order; empty before <see cref="Attach"/>.</summary>
    IReadOnlyList<OptimiserState> State { get; }

    /// <summary>Takes the parameters that it will change; once.</summary>
    void Attach(IReadOnlyList<Parameter> trained);

    /// <summary>One step over all of them.</summary>
    /// <param name="number">Of the step, from 1.</param>
    /// <param name="factor">What gradients are multiplied by: clipping.</param>
    void Step(Workers workers, long number, double rate, double factor);
}
