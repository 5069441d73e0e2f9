using EdgeBench.Core.Trials;

namespace EdgeBench.Remote.Tests.Faults;

/// <summary>What a run under a fault promises.</summary>
internal sealed record Promise
{
    /// <summary>Attempts that may come to nothing: the trial in flight.</summary>
    public int MayLose { get; init; }

    /// <summary>Trials that had finished their work and may be lost before the controller has them.</summary>
    public int MayLoseFinished { get; init; }

    /// <summary>The command may end before its plan is done, and the same command again completes it.</summary>
    public bool MayEndCommand { get; init; }

    /// <summary>Whether the agent dies or cannot be reached, so that the controller must say so within 30 s.</summary>
    public bool MustBeNoticed { get; init; }

    /// <summary>Failures that an attempt may end with.</summary>
    public IReadOnlyList<FailureKind> Failures { get; init; } = [];

    /// <summary>Name of the cell that misbehaves in every attempt, and how its trials must end; null for none, and null for a good end.</summary>
    public (string Cell, FailureKind Kind)? Misbehaves { get; init; }
}
