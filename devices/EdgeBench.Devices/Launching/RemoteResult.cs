namespace EdgeBench.Devices.Launching;

/// <summary>How a process ended, and the last lines of its standard error.</summary>
internal sealed record RemoteResult(int ExitCode, string Words);
