using EdgeBench.Engine.Training.Graphs;

namespace EdgeBench.Engine.Training.Models;

/// <summary>Numbers of a model.</summary>
/// <param name="Trained">Those that are trained.</param>
/// <param name="All">With those that a method added.</param>
public readonly record struct ParameterCount(long Trained, long All)
{
    public static ParameterCount Of(IReadOnlyList<Parameter> parameters) =>
        new(parameters.Where(parameter => parameter.Trainable).Sum(parameter => parameter.Count), parameters.Sum(parameter => parameter.Count));
}
