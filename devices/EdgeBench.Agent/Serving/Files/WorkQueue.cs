namespace EdgeBench.Agent.Serving.Files;

/// <summary>Work done one piece after the other, in the order handed in; whoever hands it in waits, and through it the other end.</summary>
internal sealed class WorkQueue
{
    private readonly SemaphoreSlim _turn = new(1);

    /// <summary>
    /// Does short work in its turn, on the thread that hands it in where nothing is before it: handing every block of a file to another thread costs more than what both do at
    /// once would gain, since pipe and link hold what comes meanwhile.
    /// </summary>
    public async ValueTask DoAsync(Action work, CancellationToken cancellation)
    {
        await _turn.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            work();
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Does work in its turn on another thread and waits for its result, or its exception.</summary>
    public async Task<T> AskAsync<T>(Func<T> work, CancellationToken cancellation)
    {
        await _turn.WaitAsync(cancellation).ConfigureAwait(false);
        Task<T> done = Task.Run(() =>
        {
            try
            {
                return work();
            }
            finally
            {
                _turn.Release();
            }
        }, CancellationToken.None);
        return await done.WaitAsync(cancellation).ConfigureAwait(false);
    }
}
