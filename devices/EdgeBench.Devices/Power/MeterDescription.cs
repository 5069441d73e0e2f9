using EdgeBench.Core.Metrics;

namespace EdgeBench.Devices.Power;

/// <summary>What a meter's readings are.</summary>
public enum MeterKind
{
    /// <summary>Power in W at the moment of the reading, or the mean of a short time around it: integrated by trapezoids.</summary>
    Power,

    /// <summary>Energy in J since the session's first reading, wraps undone: differences are taken.</summary>
    Energy,
}

/// <summary>What an opened meter reads.</summary>
/// <param name="Source">What exactly it sees and what it does not, for reports: <c>VDD_IN (module input; the carrier board is not seen)</c>.</param>
/// <param name="Resolution">Smallest step of a reading in W or J; null where it is not known and is taken from the readings.</param>
public sealed record MeterDescription(MeterKind Kind, EnergyBoundary Boundary, string Source, double? Resolution = null);
