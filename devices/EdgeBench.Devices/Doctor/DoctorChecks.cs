using EdgeBench.Core.Wire;

namespace EdgeBench.Devices.Doctor;

/// <summary>Every check, in the order in which findings are shown.</summary>
public static class DoctorChecks
{
    public static IReadOnlyList<IDoctorCheck> All { get; } =
    [
        new DiskCheck(), new MemoryCheck(), new GovernorCheck(), new ClockLimitCheck(), new PowerModeCheck(), new ThrottlingCheck(), new LoadCheck(), new SensorCheck(), new MeterCheck(),
        new AgentsCheck(),
    ];

    /// <summary>The findings of all checks. A check that fails itself is a finding, not the end of the others.</summary>
    public static IReadOnlyList<DoctorFinding> Examine(DoctorContext context) => [.. All.SelectMany(check => Examine(check, context))];

    private static IReadOnlyList<DoctorFinding> Examine(IDoctorCheck check, DoctorContext context)
    {
        try
        {
            return [.. check.Examine(context)];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or FormatException)
        {
            return [new(check.Name, Severity.Warning, $"could not be examined: {exception.Message}")];
        }
    }
}
