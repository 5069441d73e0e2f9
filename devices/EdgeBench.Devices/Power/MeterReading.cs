using System.Globalization;

namespace EdgeBench.Devices.Power;

/// <summary>What is wrong with a reading.</summary>
public enum ReadingFlaw
{
    None,

    /// <summary>No answer, or a text that holds no number.</summary>
    Unreadable,

    /// <summary>NaN, infinite, or beyond anything that a device draws.</summary>
    NotANumber,

    /// <summary>Below zero: a device does not give power back.</summary>
    Negative,

    /// <summary>The counter began anew, or jumped: its value counts on, and what was used since the reading before is not known.</summary>
    Reset,
}

/// <summary>One reading.</summary>
/// <param name="At">Seconds on the monotonic clock (<see cref="MeterClock"/>).</param>
/// <param name="Value">W or J as the meter's kind says; meaningless with a flaw other than <see cref="ReadingFlaw.Reset"/>.</param>
public readonly record struct MeterReading(double At, double Value, ReadingFlaw Flaw = ReadingFlaw.None)
{
    // Ten racks: what a garbled text or an overflowing register may show, and no single device draws.
    private const double MostWatts = 100_000;

    public bool IsUsable => Flaw is ReadingFlaw.None or ReadingFlaw.Reset;

    /// <summary>A power in W, or null where nothing could be read.</summary>
    public static MeterReading OfPower(double at, double? watts) => watts switch
    {
        null => new(at, 0, ReadingFlaw.Unreadable),
        { } value when !double.IsFinite(value) || value > MostWatts => new(at, 0, ReadingFlaw.NotANumber),
        < 0 => new(at, 0, ReadingFlaw.Negative),
        { } value => new(at, value),
    };

    /// <summary>A number as programs and devices print it, finite or not; null for anything else ("N/A", "", "12 W").</summary>
    public static double? Number(string? text) =>
        double.TryParse(text?.Trim(), NumberStyles.Float, CultureInfo.InvariantCulture, out double value) ? value : null;
}
