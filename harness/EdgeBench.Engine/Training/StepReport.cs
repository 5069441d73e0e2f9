namespace EdgeBench.Engine.Training;

/// <summary>What a step did.</summary>
/// <param name="Step">Its number, from 1.</param>
/// <param name="Loss">Mean over the targets that count, before the step.</param>
/// <param name="GradientNorm">Over all trained parameters, before clipping.</param>
/// <param name="Rate">Learning rate.</param>
/// <param name="Targets">Targets that count.</param>
public readonly record struct StepReport(long Step, double Loss, double GradientNorm, double Rate, int Targets);
