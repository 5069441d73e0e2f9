using System.Diagnostics;
using EdgeBench.Agent.Native;
using EdgeBench.Agent.Trials;
using EdgeBench.Core.Problems;
using EdgeBench.Devices;
using EdgeBench.Devices.Launching;
using EdgeBench.Devices.Processes;
using EdgeBench.Devices.Thermal;

namespace EdgeBench.Agent.Serving;

/// <summary>
/// A process that outlives a killed agent and puts back what it had set on the device. It is nobody's child, so that killing the agent with all of its
/// descendants leaves it alone; it sleeps until the agent ends.
/// </summary>
internal static class TuningGuard
{
    public const string Verb = "guard";

    private static readonly TimeSpan s_poll = TimeSpan.FromSeconds(1);
    private static readonly Lock s_gate = new();
    private static bool s_started;

    /// <summary>Starts the guard of this agent, once. Throws where it cannot be started.</summary>
    public static void Start()
    {
        lock (s_gate)
        {
            if (s_started) return;
            ProcessIdentity self = ProcessIdentity.Of(Environment.ProcessId) ?? throw new InvalidOperationException("This process is not in /proc.");
            ProcessStartInfo guard = AgentProgram.Command(TrialCommand.Self.Program, Verb, $"--owner={self.Id}", $"--started={self.Started}");
            // The shell ends at once, and the guard becomes a child of init.
            ProcessStartInfo shell = new("/bin/sh", ["-c", "\"$0\" \"$@\" </dev/null >/dev/null 2>&1 &", guard.FileName, .. guard.ArgumentList]);
            shell.Environment["DOTNET_EnableDiagnostics"] = "0";
            shell.Environment["DOTNET_gcServer"] = "0";
            using Process process = Process.Start(shell) ?? throw new InvalidOperationException("no process");
            process.WaitForExit();
            if (process.ExitCode != 0) throw new InvalidOperationException($"the guard of the tuning could not be started: exit code {process.ExitCode}");
            s_started = true;
        }
    }

    /// <summary>The guard itself: waits for the end of its agent, then puts back what that left.</summary>
    public static int Run(ProcessIdentity owner, SystemRoot root)
    {
        Libc.LeadGroup();
        // Waiting returns at once where the kernel has no pidfd, or when the process is already gone.
        while (owner.IsAlive)
        {
            if (!Libc.WaitForEnd(owner.Id)) Thread.Sleep(s_poll);
        }
        return HostTuning.RestoreLeftovers(root, HostTuning.Folder).Count == 0 ? (int)ExitCode.Done : (int)ExitCode.Infrastructure;
    }
}
