using System.CommandLine;
using System.Text.Json;
using EdgeBench.Cli.Output;
using EdgeBench.Core.Configuration;
using EdgeBench.Core.IO;
using EdgeBench.Core.Problems;
using EdgeBench.Core.Wire;
using EdgeBench.Devices.Installing;
using EdgeBench.Running.Execution;

namespace EdgeBench.Cli.Commands;

/// <summary><c>edgebench devices install</c>: the agent and the runtimes' libraries, for the device's platform.</summary>
internal static class DevicesInstallCommand
{
    private const int Version = 1;

    public static Command Create()
    {
        DeviceArguments arguments = new();
        Option<string[]> backend = new("--backend")
        {
            Description = "Runtime whose library the device shall have; may be repeated. Left out, those of its profile, without a profile all.",
            HelpName = "name",
        };
        Option<bool> agentOnly = new("--agent-only") { Description = "Leave the runtimes' libraries to the first run." };
        Command command = new("install", "Put the agent and the runtimes' libraries on a device, verified; nothing is sent where it is there already.") { backend, agentOnly };
        arguments.AddTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            DeviceSpec device = arguments.Resolve(parsed);
            string[] asked = parsed.GetValue(backend) ?? [];
            if (asked.Length > 0 && parsed.GetValue(agentOnly)) throw EdgeBenchException.BadInput("--agent-only with --backend", "one of them");
            IReadOnlyList<string> names = parsed.GetValue(agentOnly) ? [] : asked.Length > 0 ? DeviceInstallation.Checked(asked) : DeviceInstallation.Backends(device);
            using PlainProgress progress = new(Console.Error);
            InstallReport? agent = await DeviceInstallation.AgentAsync(device, progress, cancellation);
            if (!arguments.AsJson(parsed)) Print(device, agent);
            IReadOnlyList<BackendReport> backends = await DeviceInstallation.BackendsAsync(device, names, progress, cancellation);
            if (arguments.AsJson(parsed)) Console.Out.WriteLine(JsonSerializer.Serialize(new { Version, device.Name, Agent = agent, Backends = backends }, EdgeBenchJson.Indented));
            else foreach (BackendReport report in backends) Console.Out.WriteLine($"{device.Name}: {Line(report)}");
            return (int)(backends.All(report => report.Installed) ? ExitCode.Done : ExitCode.Infrastructure);
        });
        return command;
    }

    private static void Print(DeviceSpec device, InstallReport? agent)
    {
        if (agent is null)
        {
            Console.Out.WriteLine($"{device.Name}: the launcher '{device.Launcher}' starts an agent that is put in its place by other means");
            return;
        }
        Console.Out.WriteLine($"{device.Name}: agent {agent.PackageId[..12]} for {agent.Runtime} {(agent.Already ? "was there already" : $"is installed, {agent.Bytes / 1e6:N1} MB")}");
        if (agent.Freed.Count > 0) Console.Out.WriteLine($"{device.Name}: {agent.Freed.Count} {(agent.Freed.Count == 1 ? "agent" : "agents")} of other versions removed, {agent.Freed.Bytes / 1e6:N1} MB freed");
    }

    private static string Line(BackendReport report) => report.Installed
        ? $"{report.Backend} {report.Version} is there{(report.Folder is { } folder ? $", in {folder}" : "")}"
        : $"{report.Backend} is not installed: {report.Problem} {report.Remedy}";
}
