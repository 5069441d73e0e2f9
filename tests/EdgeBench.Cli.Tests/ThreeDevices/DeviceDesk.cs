namespace EdgeBench.Cli.Tests.ThreeDevices;

/// <summary>
/// <c>devices/board.yaml</c> and <c>devices/arm.yaml</c> of a folder, and what they describe, for as long as the tests of a class run. The board's agent and
/// its llama.cpp (some 75 MB) go there while the link is still good; from then on it is bad.
/// </summary>
public sealed class DeviceDesk : IAsyncLifetime
{
    /// <summary>As <c>tc netem delay 50ms loss 1%</c> at each end: a round trip takes 100 ms.</summary>
    internal static readonly LinkShape BadLink = new(TimeSpan.FromMilliseconds(50), 0.01);

    private const string Installation = """
        name: installation
        models: { m: { source: "random:", shape: { layers: 1, width: 64, heads: 2, kv_heads: 1, ffn: 96, vocabulary: 320, context: 128, tied_embeddings: true } } }
        recipes: { int8: [ { ptq: { weights: q8_0 } } ] }
        backends: [llamacpp]
        devices: [board]
        workloads: { w: { scenario: single-stream, prompt: 8, generate: 4 } }
        measure: { sessions: 1, min_samples: 3, min_duration: 10ms }
        """;

    private CommandLine? _line;
    private ShapedLink? _link;
    private BoardSshd? _sshd;

    internal CommandLine Line => _line!;

    internal ShapedLink Link => _link!;

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
        _line.Write("installation.yaml", Installation);
        CommandResult installed = await _line.RunAsync("run", "installation.yaml", "--no-report", "--allow-missing");
        if (installed.ExitCode != 0) throw new InvalidOperationException(installed.Output + installed.Error);
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
