using System.Diagnostics;
using EdgeBench.Core.Metrics;
using EdgeBench.Core.Trials;
using EdgeBench.Devices.Sensors;

namespace EdgeBench.Devices.Thermal;

/// <summary>What was read while a trial ran.</summary>
/// <param name="Bits">Which of a Raspberry Pi's throttling bits 0 to 3 were seen set; null where they were not looked at.</param>
public sealed record HeatReadings(IReadOnlyList<Series> Series, long? Bits);

/// <summary>
/// Reads temperature and clocks once a second while a trial runs, in the agent and not in the trial's process: some ten small files a second.
/// A Raspberry Pi's bits need a program, so they are read only where the ones since boot cannot tell afterwards what happened, and every 5 s.
/// </summary>
public sealed class HeatSampler
{
    private const int BitsEvery = 5;

    private readonly SystemRoot _root;
    private readonly TimeSpan _period;
    private readonly bool _readBits;
    private readonly CancellationTokenSource _over = new();
    private readonly Task _done;
    private readonly List<(long At, double Value)> _temperature = [], _fastest = [], _mean = [];
    private long _bits;

    private HeatSampler(SystemRoot root, ConditionSnapshot before, TimeSpan period)
    {
        _root = root;
        _period = period;
        _readBits = before.Throttled is { SinceBoot.Count: > 0 };
        _done = Task.Run(SampleAsync);
    }

    /// <param name="before">The device before the trial.</param>
    public static HeatSampler Start(SystemRoot root, ConditionSnapshot before) => Start(root, before, TimeSpan.FromSeconds(1));

    internal static HeatSampler Start(SystemRoot root, ConditionSnapshot before, TimeSpan period)
    {
        ArgumentNullException.ThrowIfNull(root);
        ArgumentNullException.ThrowIfNull(before);
        return new HeatSampler(root, before, period);
    }

    /// <summary>Ends the sampling.</summary>
    /// <param name="started">Timestamp of <see cref="Stopwatch"/> from which the trial counts its seconds.</param>
    public async Task<HeatReadings> StopAsync(long started)
    {
        await _over.CancelAsync().ConfigureAwait(false);
        await _done.ConfigureAwait(false);
        _over.Dispose();
        Series[] series =
        [
            Of(MetricRegistry.Temperature, _temperature, started),
            Of(MetricRegistry.FastestClock, _fastest, started),
            Of(MetricRegistry.MeanClock, _mean, started),
        ];
        return new HeatReadings([.. series.Where(one => one.Values.Length > 0)], _readBits ? _bits : null);
    }

    private static Series Of(Metric metric, List<(long At, double Value)> readings, long started) => new(
        metric.Name,
        [.. readings.Select(reading => reading.Value)],
        [.. readings.Select(reading => (reading.At - started) / (double)Stopwatch.Frequency)],
        new int[readings.Count]);

    private async Task SampleAsync()
    {
        using PeriodicTimer timer = new(_period);
        try
        {
            for (int tick = 1; await timer.WaitForNextTickAsync(_over.Token).ConfigureAwait(false); tick++) Sample(tick);
        }
        catch (OperationCanceledException)
        {
            // The trial is over.
        }
    }

    private void Sample(int tick)
    {
        long now = Stopwatch.GetTimestamp();
        if (ThermalZones.Highest(_root) is { } celsius) _temperature.Add((now, celsius));
        if (CpuFrequency.Read(_root) is { Count: > 0 } clocks)
        {
            _fastest.Add((now, clocks.Values.Max()));
            _mean.Add((now, clocks.Values.Average()));
        }
        if (_readBits && tick % BitsEvery == 0) _bits |= ThrottledBits.Read(_root).Bits?.Value & 0xF ?? 0;
    }
}
