using System.CommandLine;
using System.Text.Json;
using EdgeBench.Core.Configuration;
using EdgeBench.Core.IO;
using EdgeBench.Core.Problems;
using EdgeBench.Core.Wire;
using EdgeBench.Devices.Launching;
using EdgeBench.Running.Execution;

namespace EdgeBench.Cli.Commands;

/// <summary><c>edgebench devices doctor</c>: what stands in the way of good measurements on a device, each with its remedy.</summary>
internal static class DevicesDoctorCommand
{
    private const int Version = 1;

    public static Command Create()
    {
        DeviceArguments arguments = new();
        Command command = new("doctor", "What stands in the way of good measurements on a device, each with its remedy.");
        arguments.AddTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            DeviceSpec device = arguments.Resolve(parsed);
            await using IAgentConnection agent = await LauncherRegistry.For(device).StartAsync(device, cancellation);
            IReadOnlyList<DoctorFinding> findings = await DeviceDoctor.ExamineAsync(device, agent, cancellation);
            if (arguments.AsJson(parsed)) Console.Out.WriteLine(JsonSerializer.Serialize(new { Version, device.Name, Findings = findings }, EdgeBenchJson.Indented));
            else Print(findings, Console.Out);
            return (int)(findings.Any(finding => finding.Severity == Severity.Error) ? ExitCode.Infrastructure : ExitCode.Done);
        });
        return command;
    }

    private static void Print(IReadOnlyList<DoctorFinding> findings, TextWriter writer)
    {
        int width = findings.Max(finding => finding.Check.Length);
        foreach (DoctorFinding finding in findings)
        {
            writer.WriteLine($"{Mark(finding.Severity),-7}  {finding.Check.PadRight(width)}  {finding.Message}");
            if (finding.Remedy is { } remedy) writer.WriteLine($"{"",-7}  {"".PadRight(width)}  → {remedy}");
        }
        writer.WriteLine($"{findings.Count(finding => finding.Severity == Severity.Error)} errors, {findings.Count(finding => finding.Severity == Severity.Warning)} warnings");
    }

    private static string Mark(Severity severity) => severity == Severity.Good ? "ok" : severity.ToString().ToLowerInvariant();
}
