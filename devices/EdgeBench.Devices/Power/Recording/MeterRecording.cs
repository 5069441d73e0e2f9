namespace EdgeBench.Devices.Power.Recording;

/// <summary>What a meter read from its start to its end.</summary>
/// <param name="Meter">Registered name.</param>
/// <param name="Ended">Why it stopped by itself; null where we stopped it.</param>
public sealed record MeterRecording(string Meter, MeterDescription Description, double MaxGapShare, IReadOnlyList<MeterReading> Readings, string? Ended);
