namespace EdgeBench.Core.Training;

/// <summary>Where a training stands after a step.</summary>
/// <param name="Step">Steps done.</param>
/// <param name="Tokens">Tokens that counted as targets so far.</param>
/// <param name="Seconds">Of steps so far, without scoring; those before an interruption included.</param>
/// <param name="TrainingLoss">Mean over the targets since the point before, in nats; null before the first step.</param>
/// <param name="Rate">Learning rate of the last step.</param>
/// <param name="Validation">Scores by group; empty where none were taken here.</param>
public sealed record CurvePoint(long Step, long Tokens, double Seconds, double? TrainingLoss, double Rate, IReadOnlyList<GroupScore> Validation);
