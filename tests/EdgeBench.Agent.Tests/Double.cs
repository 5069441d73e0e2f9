using System.Diagnostics;
using System.Text.Json;
using EdgeBench.Agent.Trials;
using EdgeBench.Core.Trials;
using EdgeBench.Devices;
using EdgeBench.Devices.Launching;
using EdgeBench.Testing;
using EdgeBench.TrialDouble;

namespace EdgeBench.Agent.Tests;

/// <summary>The misbehaving program and requests for it.</summary>
internal static class Double
{
    private static readonly TemporaryFolder s_folders = Folders();

    public static string Program { get; } = Path.Combine(AppContext.BaseDirectory, "EdgeBench.TrialDouble");

    /// <summary>An artifact that is really there, with its true hash.</summary>
    public static ArtifactFile Artifact { get; } = Describe(Path.Combine(AppContext.BaseDirectory, "EdgeBench.TrialDouble.runtimeconfig.json"));

    public static TrialRequest Request(string deed, double seconds = 20, long memory = 0, string options = "{}") => new()
    {
        TrialId = $"trial {deed}",
        CellId = "cell",
        Backend = FakeBackend.TypeName,
        BackendOptions = Json(options),
        Artifact = Artifact,
        Reference = Artifact,
        Workload = MisbehavingWorkload.TypeName,
        Parameters = Json($$"""{"do": "{{deed}}"}"""),
        Threads = 1,
        Sampling = new Sampling(0, 1, 0, 1),
        Limits = new TrialLimits(seconds, memory),
        Seed = 1,
    };

    public static Task<TrialOutcome> RunAsync(TrialRequest request) => RunUntilAsync(TestContext.Current.CancellationToken, request);

    public static Task<TrialOutcome> RunUntilAsync(CancellationToken cancellation, TrialRequest request) =>
        TrialProcess.RunAsync(new TrialCommand(Program, ["trial"]), request, request.Limits.MemoryLimit > 0 ? request.Limits.MemoryLimit : long.MaxValue,
            SystemRoot.Real, cancellation);

    /// <summary>A shell script in the place of the trial's program.</summary>
    public static Task<TrialOutcome> RunScriptAsync(string script, double seconds = 20, SystemRoot? root = null) =>
        TrialProcess.RunAsync(new TrialCommand("/bin/sh", ["-c", script, "sh"]), Request("measure", seconds), long.MaxValue, root ?? SystemRoot.Real, default);

    /// <param name="folder">The agent's cache folder; null takes one of its own, so that no test waits for another's lease.</param>
    public static Task<AgentConnection> ConnectAsync(string verb = "serve", string? folder = null) => GreetAsync(InFolder(AgentProgram.Command(Program, verb), folder));

    public static Task<AgentConnection> GreetAsync(ProcessStartInfo agent) =>
        AgentConnection.GreetAsync("double", AgentProcess.Start(agent), TestContext.Current.CancellationToken);

    /// <summary>A command whose agent has that cache folder, or a new one.</summary>
    public static ProcessStartInfo InFolder(ProcessStartInfo command, string? folder = null)
    {
        command.Environment["EDGEBENCH_CACHE"] = folder ?? NewFolder();
        return command;
    }

    /// <summary>A new folder that is deleted when the tests have ended.</summary>
    public static string NewFolder() => Directory.CreateDirectory(Path.Combine(s_folders.Path, Guid.NewGuid().ToString("N"))).FullName;

    private static ArtifactFile Describe(string path) => new(path, "fake", new FileInfo(path).Length, Core.IO.ContentHash.OfFile(path));

    private static JsonElement Json(string text) => JsonDocument.Parse(text).RootElement.Clone();

    private static TemporaryFolder Folders()
    {
        TemporaryFolder folder = new();
        AppDomain.CurrentDomain.ProcessExit += (_, _) => folder.Dispose();
        return folder;
    }
}
