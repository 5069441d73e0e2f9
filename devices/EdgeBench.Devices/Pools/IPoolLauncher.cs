using EdgeBench.Core.Configuration;
using EdgeBench.Devices.Launching;

namespace EdgeBench.Devices.Pools;

/// <summary>A launcher whose device may be several boards alike: trials go there as batches, which need no controller while they run.</summary>
public interface IPoolLauncher : ILauncher
{
    /// <summary>The boards; null where the device is a single one. Throws <see cref="Core.Problems.EdgeBenchException"/> for options that contradict each other.</summary>
    IBoardPool? PoolOf(DeviceSpec device);
}

/// <summary>Boards that take tasks from a queue of their own. Every call throws <see cref="Core.Problems.EdgeBenchException"/> (exit code 5) where the queue refuses or cannot be reached.</summary>
public interface IBoardPool
{
    /// <summary>Folder that this machine and every board see under the same path.</summary>
    string Folder { get; }

    /// <summary>Boards that work at once.</summary>
    int Boards { get; }

    /// <summary>Tasks that one batch may have.</summary>
    int LargestBatch { get; }

    /// <summary>Queues all requests of a batch for the boards' agents; the batch's name finds it again, after this process has ended too.</summary>
    void SubmitTrials(BatchFolder batch, int tasks);

    /// <summary>Queues a program as a batch.</summary>
    /// <param name="words">Program and arguments, never through a shell; each task gets its index, from 0, as one more.</param>
    void Submit(BatchFolder batch, int tasks, IReadOnlyList<string> words);

    /// <summary>The tasks of a batch that wait or run; empty where it is over or was never queued.</summary>
    IReadOnlyDictionary<int, TaskState> Open(BatchFolder batch);

    void Cancel(BatchFolder batch);

    /// <summary>What a person types to end a batch.</summary>
    string CancelCommand(BatchFolder batch);
}

/// <summary>Where a task of a batch is.</summary>
public enum TaskState
{
    Waiting,
    Running,
}
