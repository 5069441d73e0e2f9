using System.Collections.Concurrent;
using System.Diagnostics;

namespace EdgeBench.Agent.Serving;

/// <summary>
/// The one thread that starts children. A child's parent-death signal fires when the thread that started it ends, not the process; a thread of the
/// pool may end at any quiet moment, this one lives as long as the program.
/// </summary>
internal static class SpawnThread
{
    private static readonly BlockingCollection<Action> s_work = Start();

    public static Task<Process> SpawnAsync(ProcessStartInfo command)
    {
        TaskCompletionSource<Process> result = new(TaskCreationOptions.RunContinuationsAsynchronously);
        s_work.Add(() =>
        {
            try
            {
                result.SetResult(Process.Start(command) ?? throw new InvalidOperationException("no process"));
            }
            catch (Exception exception)
            {
                result.SetException(exception);
            }
        });
        return result.Task;
    }

    private static BlockingCollection<Action> Start()
    {
        BlockingCollection<Action> work = [];
        new Thread(() =>
        {
            foreach (Action action in work.GetConsumingEnumerable()) action();
        })
        { IsBackground = true, Name = "spawn" }.Start();
        return work;
    }
}
