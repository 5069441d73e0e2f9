using EdgeBench.Core.Problems;
using EdgeBench.Core.Trials;
using EdgeBench.Devices.Pools;

namespace EdgeBench.Running.Execution;

/// <summary>
/// Sends a device's trials to a pool of boards alike as batches, follows them, and journals each outcome as it appears. What an earlier command has left in the
/// queue is followed too, and its finished work picked up. A trial lost with its board is queued once more.
/// </summary>
/// <param name="trials">In order: session after session, so that every cell is visited before any is visited again.</param>
internal sealed class PoolDispatch(
    TrialLedger ledger, TrialRequests requests, DeviceSession device, IBoardPool pool, BatchRun run, IReadOnlyList<OrderedTrial> trials)
{
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(0.5);

    // A look at the queue costs its controller work, one at the folder costs little.
    private const int LooksPerQueueLook = 10, MostLosses = 2;

    private readonly Dictionary<(string Key, int Session), OrderedTrial> _trials = trials.ToDictionary(trial => (trial.Cell.Planned.Key, trial.Session));
    private readonly Dictionary<string, (TrialRequest Request, TrialFailure? Failure)> _placed = [];
    private readonly Dictionary<(string Key, int Session), int> _losses = [];
    private readonly List<FollowedBatch> _followed = [];

    public async Task RunAsync(CancellationToken cancellation)
    {
        foreach (OrderedTrial trial in trials.Where(trial => trial.Cell.Refusal is not null && ledger.IsOpen(trial.Cell, trial.Session)))
            End(trial, 0, TrialRequests.Refused(trial.Cell.Refusal!));
        PickUp();
        try
        {
            for (int look = 0; ; look++)
            {
                foreach (FollowedBatch batch in _followed.ToArray()) Follow(batch, queueToo: look % LooksPerQueueLook == 0);
                OrderedTrial[] wanted = [.. Wanted()];
                if (wanted.Length > 0) await SubmitAsync(wanted, cancellation);
                // The node that received the files is one of the boards.
                await device.ReleaseAsync();
                if (_followed.Count == 0) return;
                await Task.Delay(s_pause, cancellation);
            }
        }
        catch (OperationCanceledException)
        {
            foreach (FollowedBatch batch in _followed)
                device.Tell($"{batch.Waiting.Count} trials stay queued for '{device.Name}': the same command picks them up; '{pool.CancelCommand(batch.Folder)}' ends them");
            throw;
        }
    }

    private void PickUp()
    {
        foreach (Batch left in Batch.Left(pool.Folder, run, device.Name))
        {
            // A run that was begun afresh wants nothing of what the old one had queued.
            if (left.Run != run.Id)
            {
                pool.Cancel(left.Folder);
                left.Folder.Delete();
                continue;
            }
            FollowedBatch batch = new(left);
            _followed.Add(batch);
            int ended = Follow(batch, queueToo: false);
            device.Tell($"an earlier command has queued {left.Trials.Count} trials on '{device.Name}': {ended} outcomes picked up, {batch.Waiting.Count} still to come");
        }
    }

    private IEnumerable<OrderedTrial> Wanted()
    {
        HashSet<(string, int)> queued = [.. _followed.SelectMany(batch => batch.Waiting.Values).Select(trial => (trial.CellKey, trial.Session))];
        return _trials.Where(one => !queued.Contains(one.Key) && ledger.IsOpen(one.Value.Cell, one.Value.Session) && _losses.GetValueOrDefault(one.Key) < MostLosses)
            .Select(one => one.Value);
    }

    private async Task SubmitAsync(OrderedTrial[] wanted, CancellationToken cancellation)
    {
        List<(OrderedTrial Trial, TrialRequest Request)> ready = [];
        foreach (OrderedTrial trial in wanted)
        {
            string key = trial.Cell.Planned.Key;
            if (!_placed.TryGetValue(key, out (TrialRequest Request, TrialFailure? Failure) placed)) _placed[key] = placed = await device.PlaceAsync(requests.Of(trial.Cell), cancellation);
            if (placed.Failure is { } failure) End(trial, 0, TrialRequests.Refused(failure));
            else ready.Add((trial, placed.Request with { TrialId = TrialRequests.NewId() }));
        }
        foreach ((OrderedTrial Trial, TrialRequest Request)[] part in ready.Chunk(pool.LargestBatch))
        {
            BatchedTrial[] tasks = [.. part.Select((one, index) => new BatchedTrial(one.Request.TrialId, one.Trial.Cell.Planned.Key, one.Trial.Session, index))];
            Batch batch = Batch.Create(pool.Folder, run, device.Name, tasks, [.. part.Select(one => one.Request)]);
            try
            {
                pool.SubmitTrials(batch.Folder, part.Length);
            }
            catch (EdgeBenchException)
            {
                batch.Folder.Delete();
                throw;
            }
            _followed.Add(new FollowedBatch(batch));
            device.Tell($"{part.Length} trials queued on '{device.Name}', at most {pool.Boards} at once");
        }
    }

    // Answers how many outcomes were new.
    private int Follow(FollowedBatch batch, bool queueToo)
    {
        int before = batch.Waiting.Count;
        foreach ((int index, BatchedTrial task) in batch.Waiting.ToArray())
        {
            if (OutcomeOf(batch.Folder, index, task) is not { } outcome) continue;
            batch.Waiting.Remove(index);
            Accept(task, outcome);
        }
        int ended = before - batch.Waiting.Count;
        if (queueToo && batch.Waiting.Count > 0) LookAtQueue(batch);
        if (batch.Waiting.Count == 0)
        {
            batch.Folder.Delete();
            _followed.Remove(batch);
        }
        return ended;
    }

    private void LookAtQueue(FollowedBatch batch)
    {
        if (batch.Look(pool, problem => device.Tell($"the queue of '{device.Name}' does not answer: {problem}; waiting", warning: true)) is not { } look) return;
        foreach (int index in look.Started)
            if (_trials.TryGetValue((batch.Waiting[index].CellKey, batch.Waiting[index].Session), out OrderedTrial? trial)) ledger.Started(trial.Cell, trial.Session, batch.Waiting[index].Position);
        foreach (int index in look.Lost)
        {
            BatchedTrial task = batch.Waiting[index];
            batch.Waiting.Remove(index);
            string words = batch.Folder.LastWords(index);
            Accept(task, new TrialOutcome
            {
                TrialId = task.TrialId,
                StartedAt = DateTimeOffset.UtcNow,
                Failure = new TrialFailure(FailureKind.DeviceLost, $"its task left the queue without an outcome{(words.Length > 0 ? $"; its last words: {words}" : "")}",
                    "See what the queue says of the board that had it."),
            });
        }
    }

    private TrialOutcome? OutcomeOf(BatchFolder folder, int index, BatchedTrial task)
    {
        try
        {
            if (folder.FindOutcome(index) is not { } found) return null;
            if (found.Outcome.TrialId != task.TrialId) return Refused(task, FailureKind.Protocol, $"a board answered for trial '{found.Outcome.TrialId}'; expected '{task.TrialId}'", null);
            if (device.Facts.Difference(found.Device) is { } difference)
            {
                return Refused(task, FailureKind.Unsupported, $"its board is not like the one that was asked first: {difference}",
                    "Narrow the pool to boards alike, with 'constraint' or 'nodes', and begin the run again with --fresh.");
            }
            return found.Outcome with { Facts = new Dictionary<string, string>(found.Outcome.Facts) { ["board"] = found.Device.Id } };
        }
        catch (EdgeBenchException unreadable)
        {
            return Refused(task, FailureKind.Protocol, unreadable.Problems[0].Offender, unreadable.Problems[0].Remedy);
        }
    }

    // An outcome counts once, and only while its trial is wanted.
    private void Accept(BatchedTrial task, TrialOutcome outcome)
    {
        (string, int) key = (task.CellKey, task.Session);
        if (!_trials.TryGetValue(key, out OrderedTrial? trial) || ledger.Holds(task.TrialId) || !ledger.IsOpen(trial.Cell, trial.Session)) return;
        if (outcome.Failure?.Kind == FailureKind.DeviceLost) _losses[key] = _losses.GetValueOrDefault(key) + 1;
        End(trial, task.Position, outcome);
    }

    private void End(OrderedTrial trial, int position, TrialOutcome outcome) => ledger.Ended(trial.Cell, trial.Session, position, outcome);

    private static TrialOutcome Refused(BatchedTrial task, FailureKind kind, string message, string? remedy) =>
        new() { TrialId = task.TrialId, StartedAt = DateTimeOffset.UtcNow, Failure = new TrialFailure(kind, message, remedy) };
}
