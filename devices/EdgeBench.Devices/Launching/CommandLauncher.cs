using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using EdgeBench.Core.Configuration;
using EdgeBench.Core.IO;
using EdgeBench.Core.Problems;
using EdgeBench.Devices.Installing;

namespace EdgeBench.Devices.Launching;

/// <summary>Options of the launcher <c>command</c>.</summary>
public sealed record CommandOptions
{
    [Description("Program and arguments, each by itself and never through a shell, that end up as 'edgebench-agent serve'; '{agent}' stands for the agent's program on this machine.")]
    public IReadOnlyList<string> Command { get; init; } = [AgentPlaceholder, "serve"];

    [Description("Program and arguments to put in front of every program of the agent, its trials included: an emulator such as [qemu-aarch64-static, -L, /usr/aarch64-linux-gnu].")]
    public IReadOnlyList<string> Through { get; init; } = [];

    [Description("Which agent '{agent}' is: linux-x64, linux-arm64 or linux-arm; left out, this machine's."), AllowedValues("linux-x64", "linux-arm64", "linux-arm")]
    public string? Runtime { get; init; }

    [Description("Folder for what the agent keeps, where it runs on this machine; left out, its own choice.")]
    public string? Folder { get; init; }

    [Description("Bytes that received models and data may take there; 0 sets no limit but the disk's."), ByteSize, Range(0, double.MaxValue)]
    public long CacheLimit { get; init; }

    /// <summary>Word that stands for the agent's program.</summary>
    public const string AgentPlaceholder = "{agent}";
}

/// <summary>Anything that starts an agent and carries its streams: <c>docker exec -i</c>, <c>adb shell</c>, an emulator.</summary>
public sealed class CommandLauncher : ILauncher
{
    // The runtime writes code through a second mapping of its pages. qemu-user before 8.1 takes the cache instruction that follows for nothing (IC IVAU), and
    // goes on running what it translated before: values turn up in wrong places. With one mapping it sees the write itself.
    private const string WriteXorExecute = "DOTNET_EnableWriteXorExecute";

    // An emulator compiles the program's compiler too.
    private static readonly TimeSpan s_emulatedGreeting = TimeSpan.FromMinutes(2);

    public string Name => "command";

    public Type OptionsType => typeof(CommandOptions);

    public long CacheLimit(DeviceSpec device) => Options(device).CacheLimit;

    public async Task<IAgentConnection> StartAsync(DeviceSpec device, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(device);
        CommandOptions options = Options(device);
        string[] words = [.. options.Through, .. options.Command.Select(word => word == CommandOptions.AgentPlaceholder ? Agent(options, device) : word)];
        if (words.Length == 0 || options.Command.Count == 0) throw EdgeBenchException.BadInput($"device '{device.Name}' with an empty 'command'", "a program and its arguments");
        var start = AgentProgram.Command(words[0], words[1..]);
        if (options.Folder is { Length: > 0 } folder) start.Environment[CacheFolders.Variable] = Path.GetFullPath(folder);
        bool emulated = options.Through.Count > 0;
        if (emulated)
        {
            start.Environment[AgentProgram.ThroughVariable] = EdgeBenchJson.Serialize(options.Through);
            start.Environment[WriteXorExecute] = "0";
        }
        return await AgentConnection.GreetAsync(device.Name, AgentProcess.Start(start), cancellation, emulated ? s_emulatedGreeting : null).ConfigureAwait(false);
    }

    private static CommandOptions Options(DeviceSpec device) => device.LauncherOptions is { } options
        ? options.Deserialize<CommandOptions>(EdgeBenchJson.Options)!
        : new CommandOptions();

    private static string Agent(CommandOptions options, DeviceSpec device) =>
        options.Runtime is { } runtime ? AgentPackages.Require(runtime, device.Name).Program : AgentProgram.Locate();
}
