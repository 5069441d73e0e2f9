using System.CommandLine;
using System.Text.Json;
using EdgeBench.Cli.Output;
using EdgeBench.Core.Configuration;
using EdgeBench.Core.Devices;
using EdgeBench.Core.IO;
using EdgeBench.Core.Problems;
using EdgeBench.Core.Wire;
using EdgeBench.Devices.Launching;

namespace EdgeBench.Cli.Commands;

/// <summary><c>edgebench devices probe</c>: what the live device says of itself through its agent.</summary>
internal static class DevicesProbeCommand
{
    private const int Version = 1;

    public static Command Create()
    {
        DeviceArguments arguments = new();
        Command command = new("probe", "What the device says of itself, through its agent.");
        arguments.AddTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            DeviceSpec device = arguments.Resolve(parsed);
            await using IAgentConnection agent = await LauncherRegistry.For(device).StartAsync(device, cancellation);
            AgentHello hello = agent.Hello;
            if (arguments.AsJson(parsed))
                Console.Out.WriteLine(JsonSerializer.Serialize(new { Version, device.Name, hello.AgentVersion, hello.ProtocolVersion, Facts = hello.Device }, EdgeBenchJson.Indented));
            else Print(device, hello, Console.Out);
            return (int)ExitCode.Done;
        });
        return command;
    }

    private static void Print(DeviceSpec device, AgentHello hello, TextWriter writer)
    {
        DeviceFacts facts = hello.Device;
        writer.WriteLine(DeviceText.Line(device));
        (string, string)[] rows =
        [
            ("agent", $"{hello.AgentVersion} (protocol {hello.ProtocolVersion})"),
            ("id", facts.Id),
            ("system", $"{facts.OperatingSystem}, kernel {facts.Kernel}"),
            ("processor", $"{facts.Processor}, {facts.Cores} usable, {facts.Architecture}{(facts.Emulated ? ", emulated: no speed is reported" : "")}"),
            ("memory", $"{facts.MemoryBytes / 1e9:0.0} GB"),
            ("instruction sets", string.Join(" ", facts.InstructionSets)),
            .. facts.Details.Select(detail => (detail.Key, detail.Value)),
        ];
        int width = rows.Max(row => row.Item1.Length);
        foreach ((string name, string value) in rows) writer.WriteLine($"  {name.PadRight(width)}  {value}");
    }
}
