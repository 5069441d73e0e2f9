using EdgeBench.Core.Problems;

namespace EdgeBench.Devices.Launching;

/// <summary>The agent, or the way to it, is gone (exit code 5).</summary>
/// <param name="remedy">Where its last words tell one; left out, another try.</param>
public sealed class AgentLostException(string offender, Exception? inner = null, string? remedy = null)
    : EdgeBenchException(ExitCode.Infrastructure, new Problem(offender, "a running agent", remedy ?? "Run the same command again: it resumes."), inner);
