namespace EdgeBench.Devices.Power.Integration;

/// <summary>What a reader of an energy figure must know of the readings behind it.</summary>
public enum MeterFindingKind
{
    /// <summary>Time without readings.</summary>
    Gap,

    /// <summary>A counter began anew.</summary>
    Reset,

    Unreadable,

    NotANumber,

    Negative,

    /// <summary>Readings whose time does not follow the one before.</summary>
    OutOfOrder,

    TooFewReadings,

    /// <summary>Shorter than <see cref="WindowIntegrator.ShortestSeconds"/>.</summary>
    ShortWindow,

    /// <summary>Repetitions shorter than the meter can tell from the pauses between them.</summary>
    ShortRepetitions,

    /// <summary>The idle power before and after differ.</summary>
    IdleDrift,
}

public sealed record MeterFinding(MeterFindingKind Kind, string Text);
