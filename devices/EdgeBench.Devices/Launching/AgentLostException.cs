using EdgeBench.Core.Problems;

namespace EdgeBench.Devices.Launching;

/// <summary>The agent, or the way to it, is gone (exit code 5).</summary>
public sealed class AgentLostException(string offender, Exception? inner = null)
    : EdgeBenchException(ExitCode.Infrastructure, new Problem(offender, "a running agent", "Run the same command again: it resumes."), inner);
