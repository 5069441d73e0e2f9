using EdgeBench.Core.Artifacts;
using EdgeBench.Core.Metrics;
using EdgeBench.Core.Trials;
using EdgeBench.Running.Journal;
using EdgeBench.Running.Planning;

namespace EdgeBench.Running.Execution;

/// <summary>Which trials of the plan are still open, and what becomes of those that end: into the journal first, then to whoever watches. Safe from several threads.</summary>
internal sealed class TrialLedger
{
    private readonly Lock _gate = new();
    private readonly RunJournal _journal;
    private readonly IRunObserver _observer;
    private readonly HashSet<(string Key, int Session)> _open;
    private readonly int _total;

    // Seconds that a trial of each cell takes: the plan's estimate until one has run.
    private readonly Dictionary<string, double> _seconds;

    public TrialLedger(RunJournal journal, IReadOnlyList<ReadyCell> cells, Plan plan, IRunObserver observer)
    {
        (_journal, _observer) = (journal, observer);
        _seconds = cells.DistinctBy(cell => cell.Planned.Key).ToDictionary(cell => cell.Planned.Key, cell => cell.EstimatedSeconds);
        HashSet<(string, int)> all = [.. cells.SelectMany(cell => Enumerable.Range(0, cell.Planned.PlannedTrials).Select(session => (cell.Planned.Key, session)))];
        IReadOnlySet<(string, int)> done = journal.Succeeded();
        _open = [.. all.Where(one => !done.Contains(one))];
        _total = all.Count;
        observer.On(new PlanStands(plan, _total, _total - _open.Count));
    }

    public bool IsOpen(ReadyCell cell, int session)
    {
        lock (_gate) return _open.Contains((cell.Planned.Key, session));
    }

    /// <summary>Whether an outcome of that trial was accepted before.</summary>
    public bool Holds(string trialId)
    {
        lock (_gate) return _journal.Holds(trialId);
    }

    public void Started(ReadyCell cell, int session, int position) =>
        _observer.On(new TrialStarted(cell.Planned.Cell.Id, session, position, _total, Remaining()));

    /// <summary>A lost trial stays open; every other is ended, its failure too.</summary>
    public void Ended(ReadyCell cell, int session, int position, TrialOutcome ended)
    {
        TrialOutcome outcome = WithSizes(ended, cell.Artifact.Description);
        int done;
        lock (_gate)
        {
            _journal.AddTrial(cell.Planned.Key, session, position, outcome);
            if (outcome.Failure is null) _seconds[cell.Planned.Key] = outcome.Seconds;
            if (outcome.Failure?.Kind != FailureKind.DeviceLost) _open.Remove((cell.Planned.Key, session));
            done = _total - _open.Count;
        }
        _observer.On(new TrialEnded(cell.Planned.Cell.Id, session, done, _total, outcome, Remaining(), cell.Planned.Tier));
    }

    // Sizes belong to the file and not to a process: they stand beside every successful trial, read from the artifact itself.
    private static TrialOutcome WithSizes(TrialOutcome outcome, ArtifactDescription? artifact) => outcome.Failure is not null || artifact is null
        ? outcome
        : outcome with
        {
            Series =
            [
                .. outcome.Series,
                Series.Single(MetricRegistry.WeightBytes.Name, artifact.WeightBytes, outcome.Seconds),
                Series.Single(MetricRegistry.FileBytes.Name, artifact.FileBytes + artifact.Parts.Sum(part => part.Bytes), outcome.Seconds),
            ],
        };

    // Cells that have run say how long they take; the others are taken from the plan's estimate.
    private TimeSpan Remaining()
    {
        lock (_gate) return TimeSpan.FromSeconds(_open.Sum(open => _seconds[open.Key]));
    }
}
