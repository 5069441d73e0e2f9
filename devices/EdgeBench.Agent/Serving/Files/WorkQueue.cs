using System.Threading.Channels;

namespace EdgeBench.Agent.Serving.Files;

/// <summary>Work done one piece after the other, in the order handed in; a full queue makes the hander-in wait, and through it the other end.</summary>
internal sealed class WorkQueue
{
    // Blocks in flight: enough to overlap reading, hashing and writing, and no more memory than that.
    private const int Length = 4;

    private readonly Channel<Action> _work = Channel.CreateBounded<Action>(new BoundedChannelOptions(Length) { SingleReader = true });

    public WorkQueue() => _ = Task.Run(DoAsync);

    /// <summary>Hands work in; it must not throw.</summary>
    public ValueTask AddAsync(Action work, CancellationToken cancellation) => _work.Writer.WriteAsync(work, cancellation);

    /// <summary>Hands work in and waits for its result, or its exception.</summary>
    public async Task<T> AskAsync<T>(Func<T> work, CancellationToken cancellation)
    {
        TaskCompletionSource<T> done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await AddAsync(() =>
        {
            try
            {
                done.SetResult(work());
            }
            catch (Exception exception)
            {
                done.SetException(exception);
            }
        }, cancellation).ConfigureAwait(false);
        return await done.Task.WaitAsync(cancellation).ConfigureAwait(false);
    }

    private async Task DoAsync()
    {
        await foreach (Action work in _work.Reader.ReadAllAsync().ConfigureAwait(false)) work();
    }
}
