using EdgeBench.Core.Trials;

namespace EdgeBench.Running.Execution;

/// <summary>
/// Sends trials to devices, all devices at once. On a single board one at a time: session after session, within a session all cells in shuffled order. A trial
/// lost with its agent is tried once more at the end of its session; every other failure is recorded and stays until the next command.
/// </summary>
internal sealed class Dispatcher(
    TrialLedger ledger, TrialRequests requests, IReadOnlyList<ReadyCell> cells, IReadOnlyDictionary<string, DeviceSession> devices, ulong seed, BatchRun batches)
{
    public Task RunAsync(CancellationToken cancellation) => Task.WhenAll(devices.Values.Select(device =>
    {
        // Two cells with one key measure the same thing under two names: the first stands for both.
        ReadyCell[] mine = [.. cells.Where(cell => cell.Planned.Cell.Device.Name == device.Name).DistinctBy(cell => cell.Planned.Key)];
        IEnumerable<OrderedTrial> trials = Ordered(mine);
        return device.Pool is { } pool
            ? new PoolDispatch(ledger, requests, device, pool, batches, [.. trials]).RunAsync(cancellation)
            : RunBoardAsync(device, trials, cancellation);
    }));

    private IEnumerable<OrderedTrial> Ordered(ReadyCell[] mine)
    {
        int sessions = mine.Select(cell => cell.Planned.PlannedTrials).DefaultIfEmpty(0).Max();
        for (int session = 0; session < sessions; session++)
        {
            foreach (ReadyCell cell in TrialOrder.Shuffle(mine, seed, session)) yield return new OrderedTrial(cell, session);
        }
    }

    private async Task RunBoardAsync(DeviceSession device, IEnumerable<OrderedTrial> trials, CancellationToken cancellation)
    {
        int position = 0;
        foreach (IGrouping<int, OrderedTrial> session in trials.GroupBy(trial => trial.Session))
        {
            Queue<(ReadyCell Cell, bool Retry)> queue = new(session.Select(trial => (trial.Cell, false)));
            while (queue.TryDequeue(out (ReadyCell Cell, bool Retry) next))
            {
                cancellation.ThrowIfCancellationRequested();
                if (!ledger.IsOpen(next.Cell, session.Key)) continue;
                ledger.Started(next.Cell, session.Key, position);
                TrialOutcome outcome = next.Cell.Refusal is { } refusal ? TrialRequests.Refused(refusal) : await device.RunAsync(requests.Of(next.Cell), cancellation);
                ledger.Ended(next.Cell, session.Key, position++, outcome);
                if (outcome.Failure?.Kind == FailureKind.DeviceLost && !next.Retry) queue.Enqueue((next.Cell, true));
            }
        }
    }
}

/// <summary>One trial in the order of a device's work.</summary>
internal sealed record OrderedTrial(ReadyCell Cell, int Session);
