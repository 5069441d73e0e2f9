namespace EdgeBench.Engine.Training.Operations;

/// <summary>A teacher's part in a loss (<see cref="Models.DistillationOptions"/>): nothing before <paramref name="Teacher"/> needs a gradient.</summary>
public sealed record SoftTargets(OutputHead Teacher, float Alpha, float Temperature);
