namespace EdgeBench.Devices.Power.Integration;

/// <summary>The energy of some stretches of time, or why there is none.</summary>
/// <param name="Seconds">Of the stretches together.</param>
/// <param name="Figure">Null where the readings allow none.</param>
/// <param name="Missing">Why there is no figure; null where there is.</param>
public sealed record WindowEnergy(double Seconds, EnergyFigure? Figure, string? Missing, IReadOnlyList<MeterFinding> Findings);

/// <param name="Uncertainty">
/// In J: the root of the squared sum of what sampling half as often changes, what power may have done in gaps, and the resolution. The meter's own calibration
/// is not in it.
/// </param>
/// <param name="PeakWatts">Largest reading; of a counter, largest mean between two readings.</param>
public sealed record EnergyFigure(double Joules, double Uncertainty, double PeakWatts);
