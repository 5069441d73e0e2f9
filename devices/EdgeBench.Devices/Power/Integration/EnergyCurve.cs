namespace EdgeBench.Devices.Power.Integration;

/// <summary>
/// Energy since the first reading as a function of time that never falls: power is linear between readings (trapezoids), a counter's energy is. Before the
/// first and after the last reading the nearest power holds. Because every energy is a difference of this one function, those of adjoining stretches add up.
/// </summary>
internal sealed class EnergyCurve
{
    private readonly MeterKind _kind;
    private readonly MeterReading[] _readings;
    private readonly double[] _joules;

    private EnergyCurve(MeterKind kind, MeterReading[] readings)
    {
        _kind = kind;
        _readings = readings;
        _joules = new double[readings.Length];
        for (int i = 1; i < readings.Length; i++) _joules[i] = _joules[i - 1] + Step(i);
    }

    public IReadOnlyList<MeterReading> Readings => _readings;

    /// <summary>Null for fewer than two readings.</summary>
    /// <param name="readings">Usable ones, in strictly rising time.</param>
    public static EnergyCurve? Of(MeterKind kind, IEnumerable<MeterReading> readings) =>
        readings.ToArray() is { Length: >= 2 } all ? new EnergyCurve(kind, all) : null;

    /// <summary>Joules of a stretch.</summary>
    public double Joules(TimeStretch stretch) => Math.Max(0, At(stretch.To) - At(stretch.From));

    /// <summary>Mean power in W from the reading before to this one (from 1).</summary>
    public double MeanWatts(int reading) => Step(reading) / (_readings[reading].At - _readings[reading - 1].At);

    private double Step(int i)
    {
        (MeterReading before, MeterReading now) = (_readings[i - 1], _readings[i]);
        return _kind == MeterKind.Energy ? Math.Max(0, now.Value - before.Value) : (before.Value + now.Value) / 2 * (now.At - before.At);
    }

    private double At(double time)
    {
        MeterReading first = _readings[0], last = _readings[^1];
        if (time <= first.At) return (time - first.At) * (_kind == MeterKind.Energy ? MeanWatts(1) : first.Value);
        if (time >= last.At) return _joules[^1] + ((time - last.At) * (_kind == MeterKind.Energy ? MeanWatts(_readings.Length - 1) : last.Value));
        int after = FirstAfter(time);
        (MeterReading a, MeterReading b) = (_readings[after - 1], _readings[after]);
        double passed = time - a.At, share = passed / (b.At - a.At);
        if (_kind == MeterKind.Energy) return _joules[after - 1] + (share * Step(after));
        return _joules[after - 1] + ((a.Value + ((b.Value - a.Value) * share / 2)) * passed);
    }

    private int FirstAfter(double time)
    {
        int low = 1, high = _readings.Length - 1;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (_readings[middle].At > time) high = middle;
            else low = middle + 1;
        }
        return low;
    }
}
