using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using EdgeBench.Core.Configuration;
using EdgeBench.Core.IO;
using EdgeBench.Core.Problems;

namespace EdgeBench.Devices.Launching;

/// <summary>
/// A board of a pool that Slurm hands out: srun waits for a node, holds it alone for as long as the agent runs, and carries the agent's streams. Every device
/// of this launcher is one job: several devices with the same options measure on several nodes at once.
/// </summary>
public sealed class SlurmLauncher : ILauncher
{
    public string Name => "slurm";

    public Type OptionsType => typeof(SlurmOptions);

    public long CacheLimit(DeviceSpec device) => Options(device).CacheLimit;

    public async Task<IAgentConnection> StartAsync(DeviceSpec device, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(device);
        SlurmOptions options = Options(device);
        ProcessStartInfo start = Command(options, device.Name);
        if (options.Folder is { Length: > 0 } folder) start.Environment["EDGEBENCH_CACHE"] = folder;
        return await AgentConnection.GreetAsync(device.Name, AgentProcess.Start(start), cancellation, options.Wait).ConfigureAwait(false);
    }

    /// <summary>srun with its streams redirected; no shell sees any word of it.</summary>
    public static ProcessStartInfo Command(SlurmOptions options, string device)
    {
        ArgumentNullException.ThrowIfNull(options);
        // The node alone, all of its processors and its memory: what others compute there would be in the figures. Streams as they are, not line by line.
        List<string> words = ["--nodes=1", "--ntasks=1", "--exclusive", "--mem=0", "--cpu-bind=none", "--unbuffered", "--input=0", $"--job-name=edgebench-{device}"];
        void Add(string option, string? value)
        {
            if (value is { Length: > 0 }) words.Add($"--{option}={value}");
        }
        Add("partition", options.Partition);
        Add("account", options.Account);
        Add("qos", options.Qos);
        Add("nodelist", options.Nodes);
        Add("constraint", options.Constraint);
        Add("gres", options.Gres);
        Add("time", options.Time is { } time ? Math.Ceiling(time.TotalMinutes).ToString(CultureInfo.InvariantCulture) : null);
        foreach (string option in options.Options)
        {
            if (!option.StartsWith("--", StringComparison.Ordinal) || option.Length < 3)
            {
                throw EdgeBenchException.BadInput($"option '{option}' of device '{device}'", "an option of srun with its value, such as --reservation=bench",
                    "The program that srun starts is the agent; 'agent' names it.");
            }
            words.Add(option);
        }
        ProcessStartInfo agent = AgentProgram.Command(options.Agent ?? AgentProgram.Locate(), "serve");
        return AgentProgram.Command("srun", [.. words, "--", agent.FileName, .. agent.ArgumentList]);
    }

    private static SlurmOptions Options(DeviceSpec device) => device.LauncherOptions is { ValueKind: JsonValueKind.Object } options
        ? options.Deserialize<SlurmOptions>(EdgeBenchJson.Options)!
        : new SlurmOptions();
}
