using System.Diagnostics;
using EdgeBench.Core.Problems;

namespace EdgeBench.Devices.Launching;

/// <summary>Where the agent's program lies on this machine: <c>$EDGEBENCH_AGENT</c>, else the folder <c>agent</c> beside the running program.</summary>
public static class AgentProgram
{
    public const string Variable = "EDGEBENCH_AGENT";

    /// <summary>
    /// Environment variable of an agent that runs under an emulator: a JSON list of the words to put in front of every program that it starts. The agent's
    /// own surroundings say it, never a message.
    /// </summary>
    public const string ThroughVariable = "EDGEBENCH_AGENT_THROUGH";

    /// <summary>File name of the agent's program.</summary>
    public const string Name = "edgebench-agent";

    /// <summary>The program's path: an executable, or a <c>.dll</c> for <c>dotnet</c>. Throws with the remedy where it is absent.</summary>
    public static string Locate()
    {
        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } own)
        {
            return File.Exists(own) ? Path.GetFullPath(own) : throw EdgeBenchException.Infrastructure(
                $"{Variable}={own}", "the path of the agent's program", $"Correct it, or unset {Variable} to use the agent beside this program.");
        }
        string folder = Path.Combine(AppContext.BaseDirectory, "agent");
        string[] candidates = [Path.Combine(folder, Name), Path.Combine(folder, Name + ".dll")];
        return candidates.FirstOrDefault(File.Exists) ?? throw EdgeBenchException.Infrastructure(
            $"no agent at {candidates[0]} or {Path.GetFileName(candidates[1])}", "the agent's program beside this one",
            $"Build the whole solution, or set {Variable} to the agent's path.");
    }

    /// <summary>How to run that program with its three standard streams as pipes.</summary>
    public static ProcessStartInfo Command(string program, params IEnumerable<string> arguments)
    {
        bool library = program.EndsWith(".dll", StringComparison.Ordinal);
        ProcessStartInfo start = new(library ? DotnetHost() : program)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        if (library) start.ArgumentList.Add(program);
        foreach (string argument in arguments) start.ArgumentList.Add(argument);
        return start;
    }

    private static string DotnetHost() =>
        Environment.ProcessPath is { } self && Path.GetFileNameWithoutExtension(self) == "dotnet" ? self
        : Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") is { Length: > 0 } host ? host
        : "dotnet";
}
