using EdgeBench.Core.Training;
using EdgeBench.Engine.Training;

namespace EdgeBench.Training.Loop;

/// <summary>Why a training ended.</summary>
public enum StopReason
{
    /// <summary>All steps are done.</summary>
    Steps,

    /// <summary>Scores did not become better any more.</summary>
    Patience,
}

/// <summary>What a training did; the model holds the weights of the best step.</summary>
/// <param name="Steps">Steps done.</param>
/// <param name="Best">Scores of the best step's validation, by group; empty without validation data.</param>
/// <param name="Memory">Bytes by purpose.</param>
public sealed record TrainingOutcome(long Steps, long BestStep, IReadOnlyList<GroupScore> Best, StopReason Stopped, IReadOnlyList<CurvePoint> Curve, TrainingMemory Memory)
{
    /// <summary>Parameters that were trained.</summary>
    public required long Trainable { get; init; }

    /// <summary>All parameters, frozen ones included.</summary>
    public required long Parameters { get; init; }

    /// <summary>Of steps, without scoring.</summary>
    public double Seconds => Curve[^1].Seconds;

    /// <summary>Median of a step would need all of them; this is the mean, in seconds.</summary>
    public double SecondsPerStep => Seconds / Steps;
}
