using System.Globalization;

namespace EdgeBench.Devices.Power.Integration;

/// <summary>Power of the idle device before and after a trial.</summary>
/// <param name="Watts">Mean of both, or the one there is; null where neither could be read.</param>
public sealed record IdlePower(double? Before, double? After, double? Watts, IReadOnlyList<MeterFinding> Findings)
{
    // What a warm device, or one that still cleans up, draws more than before; above it the mean of both stands for neither.
    private const double MostDrift = 0.2;

    /// <param name="before">Idle time before the trial; null where none was asked for.</param>
    public static IdlePower Of(MeterKind kind, double? resolution, IReadOnlyList<MeterReading> readings, TimeStretch? before, TimeStretch? after, double maxGapShare)
    {
        double? Watts(TimeStretch? stretch) => stretch is { } time && WindowIntegrator.Integrate(kind, resolution, readings, [time], maxGapShare).Figure is { } figure
            ? figure.Joules / time.Seconds
            : null;

        double? first = Watts(before), second = Watts(after);
        double? mean = first is { } a && second is { } b ? (a + b) / 2 : first ?? second;
        List<MeterFinding> findings = [];
        if (first is { } early && second is { } late && Math.Abs(late - early) > MostDrift * mean)
        {
            findings.Add(new(MeterFindingKind.IdleDrift, string.Create(CultureInfo.InvariantCulture,
                $"idle power was {early:0.00} W before and {late:0.00} W after: net figures are uncertain by half the difference")));
        }
        return new IdlePower(first, second, mean, findings);
    }
}
