using System.Runtime.CompilerServices;

namespace EdgeBench.Devices.Power.Sessions;

/// <summary>A meter that answers when it is asked: asked at a steady rate, never twice at once.</summary>
/// <param name="rate">Per second.</param>
/// <param name="read">Takes one reading; what fails is a flawed reading, not an exception.</param>
/// <param name="owned">Disposed with the session.</param>
internal sealed class PolledSession(
    MeterDescription description, double rate, Func<CancellationToken, ValueTask<MeterReading>> read, IDisposable? owned = null) : IMeterSession
{
    public MeterDescription Description => description;

    public async IAsyncEnumerable<MeterReading> ReadAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        using PeriodicTimer timer = new(TimeSpan.FromSeconds(1 / rate));
        do
        {
            yield return await read(cancellation).ConfigureAwait(false);
        }
        while (await timer.WaitForNextTickAsync(cancellation).ConfigureAwait(false));
    }

    public ValueTask DisposeAsync()
    {
        owned?.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>A session over files that are read in no time.</summary>
    public static PolledSession OfFiles(MeterDescription description, double rate, Func<MeterReading> read) =>
        new(description, rate, _ => ValueTask.FromResult(read()));
}
