using System.Text.Json;

namespace EdgeBench.Devices.Power.Recording;

/// <summary>Reads one meter in the background until it is stopped.</summary>
public sealed class MeterRecorder : IAsyncDisposable
{
    // A day at the default rate; what comes after is a gap, and said.
    private const int MostReadings = 1_000_000;

    private static readonly TimeSpan s_firstReading = TimeSpan.FromSeconds(5), s_farewell = TimeSpan.FromSeconds(3);

    private readonly IPowerMeter _meter;
    private readonly MeterOptions _options;
    private readonly IMeterSession _session;
    private readonly CancellationTokenSource _over = new();
    private readonly TaskCompletionSource _first = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _gate = new();
    private readonly List<MeterReading> _readings = [];
    private readonly Task _reading;
    private MeterException? _ended;

    private MeterRecorder(IPowerMeter meter, MeterOptions options, IMeterSession session)
    {
        _meter = meter;
        _options = options;
        _session = session;
        _reading = Task.Run(ReadAsync);
    }

    /// <summary>Registered name of its kind.</summary>
    public string Meter => _meter.Name;

    public MeterDescription Description => _session.Description;

    /// <summary>Idle time that its net figures want, before and after.</summary>
    public TimeSpan Idle => _options.Idle;

    /// <summary>Opens a meter and waits for its first good reading. Throws <see cref="MeterException"/>.</summary>
    public static async Task<MeterRecorder> StartAsync(IPowerMeter meter, SystemRoot root, JsonElement options, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(meter);
        MeterOptions common = MeterOptions.Of(meter.OptionsType, options);
        MeterRecorder recorder = new(meter, common, await OpenAsync(meter, root, options, cancellation).ConfigureAwait(false));
        try
        {
            await Task.WhenAny(recorder._first.Task, recorder._reading).WaitAsync(s_firstReading, cancellation).ConfigureAwait(false);
            if (recorder._first.Task.IsCompleted) return recorder;
            throw recorder._ended ?? new MeterException($"{meter.Name} ended without a reading", "Run it by hand.");
        }
        catch (TimeoutException exception)
        {
            MeterReading? last = recorder.Snapshot() is [.., var flawed] ? flawed : null;
            await recorder.DisposeAsync().ConfigureAwait(false);
            string seen = last is { } one ? $"its readings are flawed ({one.Flaw})" : "nothing came";
            throw new MeterException($"{meter.Name} gave no reading within {s_firstReading.TotalSeconds:0} s: {seen}",
                "Check what the meter prints, and the field names and units of its options.", exception);
        }
        catch
        {
            await recorder.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Ends the reading and returns all of it.</summary>
    public async Task<MeterRecording> StopAsync()
    {
        await DisposeAsync().ConfigureAwait(false);
        return new MeterRecording(_meter.Name, Description, _options.MaxGapShare, Snapshot(), _ended?.Message);
    }

    public async ValueTask DisposeAsync()
    {
        if (_over.IsCancellationRequested) return;
        await _over.CancelAsync().ConfigureAwait(false);
        await Task.WhenAny(_reading, Task.Delay(s_farewell, CancellationToken.None)).ConfigureAwait(false);
        await _session.DisposeAsync().ConfigureAwait(false);
    }

    // A meter that breaks in an unforeseen way costs its own figures, and never the trial.
    private static async Task<IMeterSession> OpenAsync(IPowerMeter meter, SystemRoot root, JsonElement options, CancellationToken cancellation)
    {
        try
        {
            return await meter.OpenAsync(root, options, cancellation).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is not MeterException && !cancellation.IsCancellationRequested)
        {
            throw new MeterException($"{meter.Name} failed: {exception.GetType().Name}: {exception.Message}", "Report this.", exception);
        }
    }

    private MeterReading[] Snapshot()
    {
        lock (_gate) return [.. _readings];
    }

    private async Task ReadAsync()
    {
        try
        {
            await foreach (MeterReading reading in _session.ReadAsync(_over.Token).ConfigureAwait(false))
            {
                lock (_gate)
                {
                    if (_readings.Count == MostReadings) throw new MeterException($"{_meter.Name} gave more than {MostReadings} readings", "Lower its rate.");
                    _readings.Add(reading);
                }
                if (reading.IsUsable) _first.TrySetResult();
            }
        }
        catch (OperationCanceledException)
        {
            // Stopped from our side.
        }
        catch (MeterException exception)
        {
            _ended = exception;
        }
        catch (Exception exception)
        {
            _ended = new MeterException($"{_meter.Name} failed: {exception.GetType().Name}: {exception.Message}", "Report this.", exception);
        }
    }
}
