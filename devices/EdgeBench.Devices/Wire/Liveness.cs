namespace EdgeBench.Devices.Wire;

/// <summary>
/// Notices that the other end has gone silent. It counts ticks of its own that passed without a sign, so that a process which was itself suspended does
/// not mistake its own sleep for the other's silence, and a stepped clock means nothing.
/// </summary>
public static class Liveness
{
    /// <summary>Between two calls of a controller to its agent, and two looks at what has come.</summary>
    public static readonly TimeSpan Tick = TimeSpan.FromSeconds(5);

    /// <summary>Silent ticks after which a controller takes its agent for lost.</summary>
    public const int AgentTicks = 4;

    /// <summary>Silent ticks after which an agent takes its controller for lost.</summary>
    public const int ControllerTicks = 5;

    /// <summary>Done when <paramref name="ticks"/> ticks in a row brought no sign.</summary>
    /// <param name="signs">A counter that grows with every sign of life.</param>
    /// <param name="each">Called at every tick; must not block.</param>
    /// <param name="cancellation">Ends the watch; the task is then cancelled.</param>
    public static async Task UntilSilentAsync(Func<long> signs, TimeSpan tick, int ticks, Action? each, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(signs);
        using PeriodicTimer timer = new(tick);
        long known = signs();
        int silent = 0;
        while (silent < ticks)
        {
            each?.Invoke();
            await timer.WaitForNextTickAsync(cancellation).ConfigureAwait(false);
            long now = signs();
            silent = now == known ? silent + 1 : 0;
            known = now;
        }
    }
}
