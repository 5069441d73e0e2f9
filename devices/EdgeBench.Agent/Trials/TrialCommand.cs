using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using EdgeBench.Core.IO;
using EdgeBench.Devices.Launching;

namespace EdgeBench.Agent.Trials;

/// <summary>How to start the program that runs one trial.</summary>
/// <param name="Program">An executable, or a <c>.dll</c> for <c>dotnet</c>.</param>
internal sealed record TrialCommand(string Program, IReadOnlyList<string> Arguments)
{
    public const string Verb = "trial";

    /// <summary>Environment variable that switches the runtime's tiers.</summary>
    public const string TieredCompilation = "DOTNET_TieredCompilation";

    private static readonly string[] s_through = Environment.GetEnvironmentVariable(AgentProgram.ThroughVariable) is { Length: > 0 } words
        ? EdgeBenchJson.Deserialize<string[]>(words) : [];

    /// <summary>This very program.</summary>
    public static TrialCommand Self { get; } = new(OwnProgram(), [Verb]);

    /// <param name="started">Timestamp of <see cref="Stopwatch"/> (the system's monotonic clock) from which the trial counts its seconds.</param>
    public ProcessStartInfo At(long started)
    {
        string[] words = [.. s_through, Program, .. Arguments, $"--parent={Environment.ProcessId}", $"--started={started}"];
        ProcessStartInfo start = AgentProgram.Command(words[0], words[1..]);
        // Every method is compiled once, in full, at its first call: no compiler thread wakes up inside a timed region.
        start.Environment[TieredCompilation] = "0";
        // The runtime's diagnostic port is one more thread, and a socket file that a killed process leaves behind.
        start.Environment["DOTNET_EnableDiagnostics"] = "0";
        start.Environment["DOTNET_gcServer"] = "0";
        start.Environment["DOTNET_gcConcurrent"] = "0";
        return start;
    }

    [UnconditionalSuppressMessage("SingleFile", "IL3000", Justification = "Asked for only where 'dotnet' runs a .dll, which is not in a single file.")]
    private static string OwnProgram()
    {
        string? self = Environment.ProcessPath;
        return self is not null && Path.GetFileNameWithoutExtension(self) != "dotnet"
            ? self
            : Assembly.GetEntryAssembly()?.Location ?? throw new InvalidOperationException("The agent does not know its own file.");
    }
}
