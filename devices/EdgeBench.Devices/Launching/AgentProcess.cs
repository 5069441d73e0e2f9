using System.ComponentModel;
using System.Diagnostics;
using EdgeBench.Core.Problems;
using EdgeBench.Devices.Processes;

namespace EdgeBench.Devices.Launching;

/// <summary>The process that carries an agent's streams: the agent itself, or what connects to it.</summary>
public sealed class AgentProcess : IAsyncDisposable
{
    // What a well-behaved agent needs to end its trial and itself once its standard input closes.
    private static readonly TimeSpan s_farewell = TimeSpan.FromSeconds(3);

    private readonly Process _process;
    private readonly TextTail _errors;

    private AgentProcess(Process process)
    {
        _process = process;
        Id = process.Id;
        _errors = new TextTail(process.StandardError.BaseStream);
        Exited = process.WaitForExitAsync();
    }

    public int Id { get; }

    public Stream Input => _process.StandardInput.BaseStream;

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

    /// <summary>How it ended and its last words, for a message; waits a moment for both.</summary>
    public async Task<string> DescribeEndAsync()
    {
        await Task.WhenAny(Task.WhenAll(Exited, _errors.Completion), Task.Delay(500)).ConfigureAwait(false);
        string state = !Exited.IsCompleted ? "still running"
            : _process.ExitCode > 128 ? $"killed by signal {_process.ExitCode - 128}"
            : $"exit code {_process.ExitCode}";
        string words = _errors.LastLines();
        return words.Length == 0 ? state : $"{state}; its last words: {words}";
    }

    public async ValueTask DisposeAsync()
    {
        await Input.DisposeAsync().ConfigureAwait(false);
        await Task.WhenAny(Exited, Task.Delay(s_farewell)).ConfigureAwait(false);
        if (!Exited.IsCompleted)
        {
            _process.Kill(entireProcessTree: true);
            await Exited.ConfigureAwait(false);
        }
        _process.Dispose();
    }
}
