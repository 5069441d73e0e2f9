using System.Diagnostics;
using EdgeBench.Core.IO;
using EdgeBench.Devices.Installing;
using EdgeBench.Devices.Launching;
using EdgeBench.TrialDouble;

namespace EdgeBench.Remote.Tests.Faults;

/// <summary>An event that a controller told.</summary>
/// <param name="At">Since the run began.</param>
/// <param name="Words">See <see cref="ControllerEvents"/>.</param>
internal sealed record ControllerLine(TimeSpan At, string[] Words);

/// <summary>A controller as a process of its own, and what it says.</summary>
internal sealed class ControllerProcess : IDisposable
{
    private readonly Process _process;
    private readonly Stopwatch _watch;
    private readonly List<ControllerLine> _lines = [];
    private readonly Task _reading;
    private readonly Task<string> _errors;

    private ControllerProcess(Process process, ControllerJob job, Stopwatch watch)
    {
        (_process, Job, _watch) = (process, job, watch);
        _process.StandardInput.Close();
        _errors = process.StandardError.ReadToEndAsync();
        _reading = ReadAsync();
    }

    public ControllerJob Job { get; }

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    public int ExitCode => _process.ExitCode;

    public IReadOnlyList<ControllerLine> Lines
    {
        get
        {
            lock (_lines) return [.. _lines];
        }
    }

    /// <summary>Trials whose good outcome was journalled.</summary>
    public IReadOnlyList<string> Accepted => [.. Lines.Where(line => line.Words is ["ended", _, _, _, ControllerEvents.Accepted, ..]).Select(line => line.Words[3])];

    /// <summary>First word that a device was lost, at or after a time.</summary>
    public TimeSpan? LostAfter(TimeSpan time) => Lines.FirstOrDefault(line =>
        line.At >= time && line.Words is ["notice", var text] && text.Contains("was lost", StringComparison.Ordinal))?.At;

    public static ControllerProcess Start(ControllerJob job, string packages, string file, Stopwatch watch)
    {
        File.WriteAllText(file, EdgeBenchJson.Serialize(job));
        ProcessStartInfo start = AgentProgram.Command(Path.Combine(AppContext.BaseDirectory, "EdgeBench.TrialDouble"), "run", file);
        start.Environment[AgentPackages.Variable] = packages;
        return new ControllerProcess(Process.Start(start)!, job, watch);
    }

    /// <summary>Waits for its end and for all that it said; false where it still runs then.</summary>
    public async Task<bool> EndAsync(TimeSpan limit)
    {
        await Task.WhenAny(_reading, Task.Delay(limit));
        await Task.WhenAny(_process.WaitForExitAsync(), Task.Delay(TimeSpan.FromSeconds(10)));
        return _process.HasExited;
    }

    public void Kill() => _process.Kill();

    /// <summary>How it ended and what it said, for a message.</summary>
    public override string ToString() =>
        $"controller {Id}: {(HasExited ? $"exit code {ExitCode}" : "running")}\n    "
        + string.Join("\n    ", Lines.Select(line => $"{line.At.TotalSeconds,7:0.00} {string.Join(" | ", line.Words)}"))
        + (_errors.IsCompletedSuccessfully && _errors.Result.Length > 0 ? $"\n    {_errors.Result}" : "");

    public void Dispose()
    {
        if (!_process.HasExited) _process.Kill(entireProcessTree: true);
        _process.Dispose();
    }

    private async Task ReadAsync()
    {
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
        {
            lock (_lines) _lines.Add(new ControllerLine(_watch.Elapsed, line.Split('\t')));
        }
    }
}
