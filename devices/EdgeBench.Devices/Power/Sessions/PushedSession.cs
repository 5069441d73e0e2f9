using System.Threading.Channels;

namespace EdgeBench.Devices.Power.Sessions;

/// <summary>A meter that speaks by itself: its readings queue here until they are taken.</summary>
internal sealed class PushedSession : IMeterSession
{
    // Seconds of the fastest meter: a reader that is that late has lost the trial anyway, and memory stays bounded.
    private const int MostWaiting = 10_000;

    private readonly Channel<MeterReading> _readings = Channel.CreateBounded<MeterReading>(
        new BoundedChannelOptions(MostWaiting) { SingleReader = true, FullMode = BoundedChannelFullMode.DropOldest });

    private readonly Func<ValueTask> _end;

    /// <param name="end">Ends whatever pushes.</param>
    public PushedSession(MeterDescription description, Func<ValueTask> end)
    {
        Description = description;
        _end = end;
    }

    public MeterDescription Description { get; }

    public void Push(MeterReading reading) => _readings.Writer.TryWrite(reading);

    /// <summary>Nothing more will come.</summary>
    public void Complete(MeterException why) => _readings.Writer.TryComplete(why);

    public IAsyncEnumerable<MeterReading> ReadAsync(CancellationToken cancellation) => _readings.Reader.ReadAllAsync(cancellation);

    public ValueTask DisposeAsync() => _end();
}
