using System.CommandLine;
using System.Text.Json;
using EdgeBench.Cli.Output;
using EdgeBench.Core.Cells;
using EdgeBench.Core.Configuration;
using EdgeBench.Core.Devices;
using EdgeBench.Core.IO;
using EdgeBench.Core.Problems;
using EdgeBench.Core.Wire;
using EdgeBench.Devices.Launching;

namespace EdgeBench.Cli.Commands;

/// <summary><c>edgebench devices probe</c>: what the live device says of itself through its agent, and what its memory and processors reach at best.</summary>
internal static class DevicesProbeCommand
{
    private const int Version = 1;

    public static Command Create()
    {
        DeviceArguments arguments = new();
        Option<int[]> threads = new("--threads")
        {
            Description = "Threads of the bandwidth and compute probes; default one, and one on each processor. Repeatable.",
            HelpName = "n",
        };
        threads.Validators.Add(given =>
        {
            // What is no number has a message of its own, and its value cannot be asked for.
            foreach (string text in given.Tokens.Select(token => token.Value))
                if (int.TryParse(text, out int count) && count is < 1 or > 1024) given.AddError($"--threads {count}; expected 1 to 1024.");
        });
        Command command = new("probe", "What the device says of itself, through its agent, with its read bandwidth and compute peaks.") { threads };
        arguments.AddTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            DeviceSpec device = arguments.Resolve(parsed);
            await using IAgentConnection agent = await LauncherRegistry.For(device).StartAsync(device, cancellation);
            AgentHello hello = agent.Hello;
            PeakReport peaks = await PeaksAsync(device, agent, new PeakQuery(parsed.GetValue(threads) ?? []), cancellation);
            if (arguments.AsJson(parsed))
                Console.Out.WriteLine(JsonSerializer.Serialize(new { Version, device.Name, hello.AgentVersion, hello.ProtocolVersion, Facts = hello.Device, Peaks = peaks }, EdgeBenchJson.Indented));
            else Print(device, hello, peaks, Console.Out);
            return (int)ExitCode.Done;
        });
        return command;
    }

    // What others measure there meanwhile must not be disturbed, and would disturb.
    private static async Task<PeakReport> PeaksAsync(DeviceSpec device, IAgentConnection agent, PeakQuery query, CancellationToken cancellation)
    {
        if (device.Tier != Tier.Measured) return new PeakReport([], [$"no peaks: the device's file says that it is {device.Tier.ToString().ToLowerInvariant()}, and nothing measured there is speed"]);
        LeaseRequest request = new($"{Environment.UserName}@{Environment.MachineName}, process {Environment.ProcessId}", Guid.NewGuid().ToString("N"), KeepOutcomes: false);
        LeaseAnswer answer = await agent.TakeLeaseAsync(request, cancellation);
        return answer.Busy is { } holder
            ? new PeakReport([], [$"no peaks: the device is in use by {holder.Holder} since {holder.Since.ToLocalTime():yyyy-MM-dd HH:mm:ss}; probe again when that has ended"])
            : await agent.ProbePeaksAsync(query, cancellation);
    }

    private static void Print(DeviceSpec device, AgentHello hello, PeakReport peaks, TextWriter writer)
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
        PeakTable.Write(peaks, writer);
    }
}
