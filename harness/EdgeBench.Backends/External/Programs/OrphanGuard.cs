using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;
using EdgeBench.Core.Backends;
using EdgeBench.Core.Trials;

namespace EdgeBench.Backends.External.Programs;

/// <summary>
/// A shell that waits for this process to die and then kills its process group: of a trial that is killed, the program that it started and that
/// program's children would go on for ever. The shell sleeps in a read of a pipe whose other end only this process holds.
/// </summary>
internal sealed partial class OrphanGuard : IDisposable
{
    private const string Shell = "/bin/sh";

    // A line means that all is well, the end of the pipe that nobody is there to write one.
    private const string Script = "read -r word || kill -s KILL -- \"-$0\"";

    private readonly Process? _shell;

    private OrphanGuard(Process? shell) => _shell = shell;

    /// <summary>Guards a process that leads a group, as a trial's does; another's group is not ours to kill, and nothing is started.</summary>
    public static OrphanGuard Start()
    {
        if (GetProcessGroup(0) != Environment.ProcessId) return new(null);
        ProcessStartInfo start = new(Shell, ["-c", Script, $"{Environment.ProcessId}"]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        try
        {
            return new(Process.Start(start));
        }
        catch (Win32Exception exception)
        {
            throw new TrialException(new TrialFailure(FailureKind.BackendMissing, $"'{Shell}', which ends a program whose trial dies, cannot be started: {exception.Message}", "Install a POSIX shell there."), exception);
        }
    }

    public void Dispose()
    {
        if (_shell is null) return;
        _shell.StandardInput.WriteLine("ended");
        _shell.StandardInput.Close();
        _shell.WaitForExit();
        _shell.Dispose();
    }

    [LibraryImport("libc", EntryPoint = "getpgid")]
    private static partial int GetProcessGroup(int process);
}
