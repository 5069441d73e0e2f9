using EdgeBench.Core.Cells;
using EdgeBench.Core.Trials;
using EdgeBench.Running.Planning;

namespace EdgeBench.Running.Execution;

/// <summary>What happens during a run, for whoever shows progress. Called from one thread at a time; must return quickly.</summary>
public interface IRunObserver
{
    void On(RunEvent happened);
}

/// <summary>Something that happened.</summary>
public abstract record RunEvent;

/// <summary>The plan stands; <paramref name="Already"/> of its trials were measured by an earlier command.</summary>
public sealed record PlanStands(Plan Plan, int Trials, int Already) : RunEvent;

/// <summary>Fetching, writing or compressing something; <paramref name="Total"/> is null where unknown.</summary>
public sealed record Preparing(string What, long Bytes, long? Total) : RunEvent;

/// <summary>Something that a person should read.</summary>
public sealed record Notice(string Text, bool Warning) : RunEvent;

public sealed record TrialStarted(string CellId, int Session, int Position, int Total, TimeSpan Remaining) : RunEvent;

/// <summary>A trial has an outcome; of <paramref name="Tier"/> emulated, its speed is nobody's.</summary>
public sealed record TrialEnded(string CellId, int Session, int Position, int Total, TrialOutcome Outcome, TimeSpan Remaining, Tier Tier) : RunEvent;
