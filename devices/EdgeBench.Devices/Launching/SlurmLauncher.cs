using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using EdgeBench.Core.Configuration;
using EdgeBench.Core.IO;
using EdgeBench.Core.Problems;
using EdgeBench.Devices.Pools;

namespace EdgeBench.Devices.Launching;

/// <summary>
/// A board of a pool that Slurm hands out: srun waits for a node, holds it alone for as long as the agent runs, and carries the agent's streams. Every device
/// of this launcher is one job: several devices with the same options measure on several nodes at once. With <see cref="SlurmOptions.Boards"/> the device is a
/// pool: its trials are tasks of job arrays, and srun's node only receives their files.
/// </summary>
public sealed class SlurmLauncher : IPoolLauncher
{
    public string Name => "slurm";

    public Type OptionsType => typeof(SlurmOptions);

    public long CacheLimit(DeviceSpec device) => Options(device).CacheLimit;

    public async Task<IAgentConnection> StartAsync(DeviceSpec device, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(device);
        SlurmOptions options = Options(device);
        ProcessStartInfo start = Command(options, device.Name);
        if (options.Folder is { Length: > 0 } folder) start.Environment[CacheFolders.Variable] = folder;
        if (options.Boards is not null) start.Environment[CacheFolders.SharedVariable] = "1";
        return await AgentConnection.GreetAsync(device.Name, AgentProcess.Start(start), cancellation, options.Wait).ConfigureAwait(false);
    }

    public IBoardPool? PoolOf(DeviceSpec device)
    {
        ArgumentNullException.ThrowIfNull(device);
        SlurmOptions options = Options(device);
        if (options.Boards is not { } boards) return null;
        if (options.Folder is not { Length: > 0 } folder || !Path.IsPathFullyQualified(folder))
        {
            throw EdgeBenchException.BadInput($"device '{device.Name}' with 'boards' and {(options.Folder is { Length: > 0 } given ? $"'folder: {given}'" : "no 'folder'")}",
                "the absolute path of a folder that this machine and every node see", "Add 'folder' to the device's slurm options.");
        }
        if (options.CacheLimit > 0)
        {
            throw EdgeBenchException.BadInput($"device '{device.Name}' with 'boards' and 'cache_limit'", "one of them: a batch needs all of its files at once",
                "Take out 'cache_limit', and delete the folder when it has grown too large.");
        }
        return new SlurmPool(Path.GetFullPath(folder), boards, NodeOptions(options, device.Name), AgentWords(options));
    }

    /// <summary>srun with its streams redirected; no shell sees any word of it.</summary>
    public static ProcessStartInfo Command(SlurmOptions options, string device)
    {
        ArgumentNullException.ThrowIfNull(options);
        // Streams as they are, not line by line.
        return AgentProgram.Command("srun", [.. NodeOptions(options, device), "--cpu-bind=none", "--unbuffered", "--input=0", $"--job-name=edgebench-{device}", "--", .. AgentWords(options), "serve"]);
    }

    // The node alone, all of its processors and its memory: what others compute there would be in the figures.
    private static List<string> NodeOptions(SlurmOptions options, string device)
    {
        List<string> words = ["--nodes=1", "--ntasks=1", "--exclusive", "--mem=0"];
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
        return words;
    }

    private static IReadOnlyList<string> AgentWords(SlurmOptions options)
    {
        ProcessStartInfo agent = AgentProgram.Command(options.Agent ?? AgentProgram.Locate());
        return [agent.FileName, .. agent.ArgumentList];
    }

    private static SlurmOptions Options(DeviceSpec device) => device.LauncherOptions is { ValueKind: JsonValueKind.Object } options
        ? options.Deserialize<SlurmOptions>(EdgeBenchJson.Options)!
        : new SlurmOptions();
}
