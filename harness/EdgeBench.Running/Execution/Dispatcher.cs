using EdgeBench.Core.Artifacts;
using EdgeBench.Core.Configuration;
using EdgeBench.Core.Metrics;
using EdgeBench.Core.Trials;
using EdgeBench.Running.Journal;

namespace EdgeBench.Running.Execution;

/// <summary>
/// Sends trials to devices, one at a time on each: session after session, within a session all cells in shuffled order. A trial lost with its agent is
/// tried once more at the end of its session; every other failure is recorded and stays until the next command.
/// </summary>
internal sealed class Dispatcher(
    RunJournal journal, IReadOnlyList<ReadyCell> cells, IReadOnlyDictionary<string, DeviceSession> devices, MeasureSpec measure, ulong seed,
    PlannedRun planned, IReadOnlyDictionary<string, DataFile> data, IRunObserver observer)
{
    private readonly Lock _gate = new();

    // Seconds that a trial of each cell takes: the plan's estimate until one has run.
    private readonly Dictionary<string, double> _seconds = cells.DistinctBy(cell => cell.Planned.Key)
        .ToDictionary(cell => cell.Planned.Key, cell => cell.EstimatedSeconds);

    private HashSet<(string Key, int Session)> _open = [];
    private int _total, _ended;

    public async Task RunAsync(CancellationToken cancellation)
    {
        IReadOnlySet<(string, int)> done = journal.Succeeded();
        IEnumerable<(string Key, int Session)> wanted = cells.SelectMany(cell => Enumerable.Range(0, cell.Planned.PlannedTrials).Select(session => (cell.Planned.Key, session)));
        HashSet<(string Key, int Session)> all = [.. wanted];
        _total = all.Count;
        _open = [.. all.Where(one => !done.Contains(one))];
        _ended = _total - _open.Count;
        observer.On(new PlanStands(planned.Plan, _total, _ended));
        await Task.WhenAll(devices.Values.Select(device => RunDeviceAsync(device, cancellation)));
    }

    private async Task RunDeviceAsync(DeviceSession device, CancellationToken cancellation)
    {
        // Two cells with one key measure the same thing under two names: the first stands for both.
        ReadyCell[] mine = [.. cells.Where(cell => cell.Planned.Cell.Device.Name == device.Name).DistinctBy(cell => cell.Planned.Key)];
        int sessions = mine.Select(cell => cell.Planned.PlannedTrials).DefaultIfEmpty(0).Max();
        int position = 0;
        for (int session = 0; session < sessions; session++)
        {
            Queue<(ReadyCell Cell, bool Retry)> queue = new(TrialOrder.Shuffle(mine, seed, session).Select(cell => (cell, false)));
            while (queue.TryDequeue(out (ReadyCell Cell, bool Retry) next))
            {
                cancellation.ThrowIfCancellationRequested();
                if (!_open.Contains((next.Cell.Planned.Key, session))) continue;
                TrialOutcome outcome = await RunTrialAsync(device, next.Cell, session, position++, cancellation);
                if (outcome.Failure?.Kind == FailureKind.DeviceLost && !next.Retry) queue.Enqueue((next.Cell, true));
            }
        }
    }

    private async Task<TrialOutcome> RunTrialAsync(DeviceSession device, ReadyCell cell, int session, int position, CancellationToken cancellation)
    {
        string id = cell.Planned.Cell.Id;
        observer.On(new TrialStarted(id, session, position, _total, Remaining()));
        TrialOutcome outcome = cell.Refusal is { } refusal
            ? new TrialOutcome { TrialId = NewId(), Failure = refusal, StartedAt = DateTimeOffset.UtcNow }
            : await device.RunAsync(Request(cell), cancellation);
        outcome = WithSizes(outcome, cell.Artifact.Description);
        lock (_gate)
        {
            journal.AddTrial(cell.Planned.Key, session, position, outcome);
            if (outcome.Failure is null) _seconds[cell.Planned.Key] = outcome.Seconds;
            _open.Remove((cell.Planned.Key, session));
            if (outcome.Failure?.Kind == FailureKind.DeviceLost) _open.Add((cell.Planned.Key, session));
            _ended = _total - _open.Count;
        }
        observer.On(new TrialEnded(id, session, _ended, _total, outcome, Remaining(), cell.Planned.Tier));
        return outcome;
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

    private TrialRequest Request(ReadyCell cell)
    {
        WorkloadSpec workload = cell.Planned.Cell.Workload;
        return new TrialRequest
        {
            TrialId = NewId(),
            CellId = cell.Planned.Cell.Id,
            Backend = cell.Planned.Cell.Backend.Type,
            BackendOptions = cell.Planned.Cell.Backend.Options,
            Artifact = File(cell.Artifact.Description!),
            Reference = cell.Reference?.Description is { } reference ? File(reference) : null,
            ReferenceRunner = cell.ReferenceRunner is { } runner ? new ReferenceRunner(runner.Type, runner.Options) : null,
            Workload = workload.Type,
            Parameters = workload.Parameters,
            Threads = workload.Threads,
            Data = data,
            Sampling = new Sampling(measure.Warmup, measure.MinSamples, measure.MinDuration.TotalSeconds, measure.MaxDuration.TotalSeconds),
            Limits = new TrialLimits(measure.TimeLimit.TotalSeconds, measure.MemoryLimit),
            Seed = seed,
            Meters = cell.Planned.Cell.Device.Meters,
            Cooldown = cell.Planned.Cell.Device.Cooldown,
            Tuning = cell.Planned.Cell.Device.Tuning,
        };
    }

    private static ArtifactFile File(ArtifactDescription artifact) => new(artifact.Path, artifact.Format, artifact.FileBytes, artifact.Sha256) { Parts = artifact.Parts };

    private static string NewId() => Guid.CreateVersion7().ToString("N");

    // Cells that have run say how long they take; the others are taken from the plan's estimate.
    private TimeSpan Remaining()
    {
        lock (_gate) return TimeSpan.FromSeconds(_open.Sum(open => _seconds[open.Key]));
    }
}
