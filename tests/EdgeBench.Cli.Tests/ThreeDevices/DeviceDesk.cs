namespace EdgeBench.Cli.Tests.ThreeDevices;

/// <summary>
/// <c>devices/board.yaml</c> and <c>devices/arm.yaml</c> of a folder, and what they describe, for as long as the tests of a class run. The board's agent and
/// its llama.cpp (some 75 MB) go there while the link is still good; from then on it is bad.
/// </summary>
public sealed class DeviceDesk : IAsyncLifetime
{
    /// <summary>As <c>tc netem delay 50ms loss 1%</c> at each end: a round trip takes 100 ms.</summary>
    internal static readonly LinkShape BadLink = new(TimeSpan.FromMilliseconds(50), 0.01);

    private readonly Dictionary<string, CommandResult> _installed = [];
    private CommandLine? _line;
    private ShapedLink? _link;
    private BoardSshd? _sshd;

    internal CommandLine Line => _line!;

    internal ShapedLink Link => _link!;

    /// <summary>What <c>devices install</c> said of each device.</summary>
    internal IReadOnlyDictionary<string, CommandResult> Installed => _installed;

    /// <summary>What this machine lacks; null where it has all.</summary>
    private static string? Missing { get; } =
        !CommandLine.HasLlamaCpp ? "llama.cpp: run 'edgebench backends install llamacpp' first"
        : ShapedLink.Missing ?? EmulatedBoard.Missing ?? (File.Exists(BoardSshd.Program) ? MissingAgent() : $"{BoardSshd.Program} (Debian: openssh-server)");

    /// <summary>Skips the calling test where the devices cannot be had here.</summary>
    internal void Require() => Assert.SkipUnless(Missing is null, $"needs {Missing}");

    public async ValueTask InitializeAsync()
    {
        if (Missing is not null) return;
        _line = new CommandLine();
        _link = new ShapedLink(seed: 6);
        _sshd = new BoardSshd(_link, Directory.CreateDirectory(_line["sshd"]).FullName);
        Directory.CreateDirectory(_line["devices"]);
        _line.Write("devices/board.yaml", $"launcher: {_sshd.Launcher(_line["board"])}\n");
        _line.Write("devices/arm.yaml", $"launcher: {EmulatedBoard.Launcher(_line["arm"])}\ntier: emulated\n");
        foreach (string device in new[] { "board", "arm" })
        {
            CommandResult installed = _installed[device] = await _line.RunAsync("devices", "install", device);
            if (installed.ExitCode != 0) throw new InvalidOperationException(installed.Output + installed.Error);
        }
        _link.Shape = BadLink;
    }

    public ValueTask DisposeAsync()
    {
        _sshd?.Dispose();
        _link?.Dispose();
        _line?.Dispose();
        return ValueTask.CompletedTask;
    }

    private static string? MissingAgent() => new[] { "linux-x64", "linux-arm64" }
        .Where(runtime => !File.Exists(Path.Combine(Path.GetDirectoryName(CommandLine.Program)!, "agents", runtime, "edgebench-agent")))
        .Select(runtime => $"the agent for {runtime}: run devices/publish-agents.sh {runtime}").FirstOrDefault();
}
