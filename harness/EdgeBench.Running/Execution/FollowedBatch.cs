using EdgeBench.Core.Problems;
using EdgeBench.Devices.Pools;

namespace EdgeBench.Running.Execution;

/// <summary>What a look at the queue showed.</summary>
/// <param name="Started">Tasks that run since the last look.</param>
/// <param name="Lost">Tasks that left the queue and gave no outcome.</param>
internal sealed record QueueLook(IReadOnlyList<int> Started, IReadOnlyList<int> Lost);

/// <summary>A batch whose outcomes are awaited.</summary>
internal sealed class FollowedBatch(Batch batch)
{
    // A folder that nodes share may be seconds behind the queue; a queue's controller may be restarted.
    private const int LooksUntilLost = 3, SilentLooks = 60;

    private readonly HashSet<int> _running = [];
    private readonly Dictionary<int, int> _absent = [];
    private int _silent;

    public BatchFolder Folder => batch.Folder;

    /// <summary>Tasks without an outcome yet.</summary>
    public Dictionary<int, BatchedTrial> Waiting { get; } = batch.Trials.Index().ToDictionary(one => one.Index, one => one.Item);

    /// <summary>Looks at the queue; null where it does not answer, which is told once. Throws <see cref="EdgeBenchException"/> where it stays silent.</summary>
    public QueueLook? Look(IBoardPool pool, Action<string> tell)
    {
        IReadOnlyDictionary<int, TaskState> open;
        try
        {
            open = pool.Open(Folder);
        }
        catch (EdgeBenchException silent) when (_silent < SilentLooks)
        {
            if (_silent++ == 0) tell(silent.Problems[0].Offender);
            return null;
        }
        _silent = 0;
        List<int> lost = [];
        foreach (int index in Waiting.Keys)
        {
            _absent[index] = open.ContainsKey(index) ? 0 : _absent.GetValueOrDefault(index) + 1;
            if (_absent[index] >= LooksUntilLost) lost.Add(index);
        }
        return new QueueLook([.. Waiting.Keys.Where(index => open.TryGetValue(index, out TaskState state) && state == TaskState.Running && _running.Add(index))], lost);
    }
}
