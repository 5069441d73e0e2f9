namespace EdgeBench.Core.Training;

/// <summary>A training as its journal has it.</summary>
/// <param name="Name">Of the recipe.</param>
/// <param name="Facts">What a reader must know: recipe, data, versions, what came of it.</param>
/// <param name="Curve">In the order of steps.</param>
public sealed record StoredTraining(string Name, IReadOnlyDictionary<string, string> Facts, IReadOnlyList<CurvePoint> Curve);
