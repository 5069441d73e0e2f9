using System.CommandLine;

namespace EdgeBench.Cli.Commands;

/// <summary><c>edgebench devices list|show|probe|doctor|install</c>.</summary>
internal static class DevicesCommand
{
    public static Command Create() => new("devices", "List devices and profiles, look at one, and find what stands in the way of good measurements.")
    {
        DevicesListCommand.Create(),
        DevicesShowCommand.Create(),
        DevicesProbeCommand.Create(),
        DevicesDoctorCommand.Create(),
        DevicesInstallCommand.Create(),
    };
}
