namespace EdgeBench.Models.Sources.HuggingFace;

/// <summary>A failure that may pass: no connection, a cut or stalled one, 408, 429 or 5xx.</summary>
internal sealed class HubTrouble(string what, TimeSpan? retryAfter = null, Exception? inner = null) : Exception(what, inner)
{
    /// <summary>What the server asked for, or null.</summary>
    public TimeSpan? RetryAfter => retryAfter;
}

/// <summary>Counts failures in a row, pauses between tries, gives up with the last failure.</summary>
internal sealed class HubRetries(HubPatience patience)
{
    private int _failures;

    /// <summary>Something arrived: a new failure is the first again.</summary>
    public void Progressed() => _failures = 0;

    /// <summary>Pauses, or throws <paramref name="trouble"/> where patience is at its end.</summary>
    public async Task PauseAsync(HubTrouble trouble, CancellationToken cancellation)
    {
        if (++_failures >= patience.Attempts || trouble.RetryAfter > patience.LongestAsked) throw trouble;
        TimeSpan doubling = patience.FirstPause * Math.Pow(2, _failures - 1);
        await Task.Delay(trouble.RetryAfter > doubling ? trouble.RetryAfter.Value : doubling, cancellation).ConfigureAwait(false);
    }

    public async Task<T> RunAsync<T>(Func<Task<T>> attempt, CancellationToken cancellation)
    {
        while (true)
        {
            try
            {
                return await attempt().ConfigureAwait(false);
            }
            catch (HubTrouble trouble)
            {
                await PauseAsync(trouble, cancellation).ConfigureAwait(false);
            }
        }
    }
}
