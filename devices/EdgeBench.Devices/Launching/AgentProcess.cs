using System.ComponentModel;
using System.Diagnostics;
using System.IO.Pipes;
using EdgeBench.Core.Problems;
using EdgeBench.Devices.Processes;
using EdgeBench.Devices.Wire;
using Microsoft.Win32.SafeHandles;

namespace EdgeBench.Devices.Launching;

/// <summary>The process that carries an agent's streams: the agent itself, or what connects to it.</summary>
public sealed class AgentProcess : IAsyncDisposable
{
    // What a well-behaved agent needs to end its trial and itself once its standard input closes.
    private static readonly TimeSpan s_farewell = TimeSpan.FromSeconds(3);

    private readonly Process _process;
    private readonly TextTail _errors;
    private int _exitCode;

    private AgentProcess(Process process)
    {
        _process = process;
        Id = process.Id;
        Input = Blocking(process.StandardInput.BaseStream);
        _errors = new TextTail(process.StandardError.BaseStream);
        Exited = WaitAsync();
    }

    public int Id { get; }

    public Stream Input { get; }

    public Stream Output => _process.StandardOutput.BaseStream;

    /// <summary>Done when the process has ended and was reaped.</summary>
    public Task Exited { get; }

    /// <summary>Starts a command whose streams are redirected. Throws <see cref="EdgeBenchException"/> (exit code 5) where it cannot be started.</summary>
    public static AgentProcess Start(ProcessStartInfo command)
    {
        ArgumentNullException.ThrowIfNull(command);
        try
        {
            return new AgentProcess(Process.Start(command) ?? throw new InvalidOperationException("no process"));
        }
        catch (Exception exception) when (exception is Win32Exception or InvalidOperationException or IOException)
        {
            throw EdgeBenchException.Infrastructure($"the agent cannot be started: {command.FileName}: {exception.Message}",
                "an executable program", $"Check the file's permissions, or set {AgentProgram.Variable}.", exception);
        }
    }

    /// <summary>Ends it at once, with whatever it started on this machine.</summary>
    public void Kill()
    {
        if (!Exited.IsCompleted) _process.Kill(entireProcessTree: true);
    }

    /// <summary>How it ended and its last words, for a message; waits a moment for both.</summary>
    public async Task<string> DescribeEndAsync()
    {
        RemoteResult result = await ResultAsync().ConfigureAwait(false);
        string state = !Exited.IsCompleted ? "still running"
            : result.ExitCode > 128 && result.ExitCode != 255 ? $"killed by signal {result.ExitCode - 128}"
            : $"exit code {result.ExitCode}";
        return result.Words.Length == 0 ? state : $"{state}; its last words: {result.Words}";
    }

    /// <summary>Exit code (0 while it runs) and last words; waits a moment for both.</summary>
    internal async Task<RemoteResult> ResultAsync()
    {
        await Task.WhenAny(Task.WhenAll(Exited, _errors.Completion), Task.Delay(500)).ConfigureAwait(false);
        return new RemoteResult(_exitCode, _errors.LastLines());
    }

    public async ValueTask DisposeAsync()
    {
        // Closing flushes, and a stopped reader never takes what is left.
        await Task.WhenAny(Input.DisposeAsync().AsTask(), Task.Delay(s_farewell)).ConfigureAwait(false);
        await Task.WhenAny(Exited, Task.Delay(s_farewell)).ConfigureAwait(false);
        if (!Exited.IsCompleted)
        {
            Kill();
            await Exited.ConfigureAwait(false);
        }
        _process.Dispose();
    }

    // .NET's own stream watches the pipe with another thread once it was written to without waiting, and that thread is then woken whenever the other end takes something.
    private static Stream Blocking(Stream input)
    {
        if (!OperatingSystem.IsLinux() || input is not PipeStream pipe) return input;
        SafeFileHandle taken = new(pipe.SafePipeHandle.DangerousGetHandle(), ownsHandle: true);
        pipe.SafePipeHandle.SetHandleAsInvalid();
        WidePipe.Try(taken);
        return new FileStream(taken, FileAccess.Write, bufferSize: 0);
    }

    private async Task WaitAsync()
    {
        await _process.WaitForExitAsync().ConfigureAwait(false);
        _exitCode = _process.ExitCode;
    }
}
