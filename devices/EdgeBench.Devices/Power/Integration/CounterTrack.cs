namespace EdgeBench.Devices.Power.Integration;

/// <summary>Makes one growing figure of an energy counter that wraps, and notices where it was reset instead.</summary>
/// <param name="range">Joules after which it begins at zero again; null where it does not wrap.</param>
/// <param name="mostWatts">More than its device can draw: a step that would need more is no consumption but a reset or garbage.</param>
internal sealed class CounterTrack(double? range, double mostWatts)
{
    // Two readings may be microseconds apart while the counter steps by milliseconds.
    private const double ShortestSeconds = 0.05;

    private double _last, _lastAt, _total;
    private bool _started;

    /// <summary>Joules since the first reading. With <see cref="ReadingFlaw.Reset"/> the joules since the reading before are unknown and not in it.</summary>
    /// <param name="raw">Joules as the counter shows them; null where it could not be read.</param>
    public MeterReading Advance(double at, double? raw)
    {
        switch (raw)
        {
            case null: return new MeterReading(at, 0, ReadingFlaw.Unreadable);
            case { } value when !double.IsFinite(value): return new MeterReading(at, 0, ReadingFlaw.NotANumber);
            case < 0: return new MeterReading(at, 0, ReadingFlaw.Negative);
        }
        if (range is { } limit && raw > limit) return new MeterReading(at, 0, ReadingFlaw.NotANumber);
        double? used = _started ? Used(at, raw.Value) : 0;
        (_started, _last, _lastAt) = (true, raw.Value, at);
        _total += used ?? 0;
        return new MeterReading(at, _total, used is null ? ReadingFlaw.Reset : ReadingFlaw.None);
    }

    private double? Used(double at, double raw)
    {
        double possible = mostWatts * Math.Max(at - _lastAt, ShortestSeconds);
        // After so long it may have wrapped more than once.
        if (possible > range) return null;
        double used = raw >= _last ? raw - _last : raw - _last + (range ?? double.NegativeInfinity);
        return used >= 0 && used <= possible ? used : null;
    }
}
