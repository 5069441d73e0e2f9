using System.CommandLine;
using EdgeBench.Core.Configuration;
using EdgeBench.Core.Problems;
using EdgeBench.Devices.Installing;
using EdgeBench.Devices.Launching;

namespace EdgeBench.Cli.Commands;

/// <summary><c>edgebench devices install</c>.</summary>
internal static class DevicesInstallCommand
{
    public static Command Create()
    {
        DeviceArguments arguments = new();
        Command command = new("install", "Put the agent on a device that ssh reaches, and verify it; nothing is sent where it is there already.") { arguments.Name };
        command.SetAction(async (parsed, cancellation) =>
        {
            DeviceSpec device = arguments.Resolve(parsed);
            if (LauncherRegistry.For(device) is not IInstallingLauncher launcher)
            {
                string[] able = [.. LauncherRegistry.All.OfType<IInstallingLauncher>().Select(one => one.Name)];
                throw EdgeBenchException.BadInput($"the launcher '{device.Launcher}' of device '{device.Name}' cannot install", $"one of {string.Join(", ", able)}",
                    "The agent that this launcher starts is put in its place by other means.");
            }
            InstallReport report = await launcher.InstallAsync(device, new Progress<string>(line => Console.Error.WriteLine(line)), cancellation);
            Console.Out.WriteLine($"{device.Name}: agent {report.PackageId[..12]} for {report.Runtime} {(report.Already ? "was there already" : $"is installed, {report.Bytes / 1e6:N1} MB")}");
            if (report.Freed.Count > 0) Console.Out.WriteLine($"{device.Name}: {report.Freed.Count} {(report.Freed.Count == 1 ? "agent" : "agents")} of other versions removed, {report.Freed.Bytes / 1e6:N1} MB freed");
            return (int)ExitCode.Done;
        });
        return command;
    }
}
