using System.ComponentModel;
using System.Diagnostics;
using EdgeBench.Core.Backends;
using EdgeBench.Core.Trials;

namespace EdgeBench.Backends.External.Programs;

/// <summary>
/// One run of a program, from start to the end of its last descendant: bounded in time, memory and output. Whatever it does becomes its output, its
/// peak of memory, or a <see cref="TrialException"/>.
/// </summary>
internal sealed class ProgramRun
{
    /// <summary>Of standard output and of standard error each.</summary>
    public const int MaxOutputBytes = 64 << 20;

    // Between looks: ever longer from none at all, so that a short program is seen too, until it is ten looks a second.
    private static readonly TimeSpan s_growth = TimeSpan.FromMilliseconds(5), s_period = TimeSpan.FromMilliseconds(100);

    // What a program leaves behind may hold its streams open for ever.
    private static readonly TimeSpan s_farewell = TimeSpan.FromSeconds(2);

    // What the agent sets for its own trial programs; a measured program shall run as if it were started by hand.
    private static readonly string[] s_ours = ["DOTNET_TieredCompilation", "DOTNET_EnableDiagnostics", "DOTNET_gcServer", "DOTNET_gcConcurrent"];

    private readonly ProgramLimits _limits;
    private readonly Process _process;
    private readonly BoundedText _output, _errors;
    private readonly long _killsBefore = KernelKills();
    private volatile bool _flooded;
    // Descendants with the time of their start: the number alone may become somebody else's.
    private readonly Dictionary<int, DateTime> _seen = [];
    private readonly long _timestamp = Stopwatch.GetTimestamp();
    private long _peak;

    private ProgramRun(ProcessStartInfo start, ProgramLimits limits)
    {
        _limits = limits;
        try
        {
            _process = Process.Start(start) ?? throw new InvalidOperationException("no process");
        }
        catch (Win32Exception exception)
        {
            throw new TrialException(new TrialFailure(FailureKind.BackendMissing, $"'{limits.Program}' cannot be started: {exception.Message}",
                "Install a build for this device, or correct its entry on the device."), exception);
        }
        _process.StandardInput.Close();
        _output = new BoundedText(_process.StandardOutput.BaseStream, limits.OutputBytes, () => _flooded = true);
        _errors = new BoundedText(_process.StandardError.BaseStream, limits.OutputBytes, () => _flooded = true);
    }

    /// <summary>Runs a program to its end.</summary>
    public static ProgramResult Run(IReadOnlyList<string> arguments, ProgramLimits limits)
    {
        ProcessStartInfo start = new(limits.Program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            WorkingDirectory = limits.Folder,
        };
        foreach (string variable in s_ours) start.Environment.Remove(variable);
        using OrphanGuard guard = OrphanGuard.Start();
        ProgramRun run = new(start, limits);
        using (run._process) return run.Watch();
    }

    private ProgramResult Watch()
    {
        Stopwatch clock = Stopwatch.StartNew();
        try
        {
            for (TimeSpan period = TimeSpan.Zero; !_process.WaitForExit(period); period = period + s_growth < s_period ? period + s_growth : s_period)
            {
                IReadOnlyList<int> tree = ProcessTree.Of(_process.Id);
                foreach (int process in tree.Skip(1).Where(process => !_seen.ContainsKey(process)))
                    if (StartOf(process) is { } started) _seen[process] = started;
                Check(clock.Elapsed, tree);
            }
            double seconds = clock.Elapsed.TotalSeconds;
            Task.WaitAll([_output.Completion, _errors.Completion], s_farewell);
            if (_flooded) throw Flooded();
            if (_process.ExitCode != 0) throw Fell(_process.ExitCode);
            ToolOutput output = new(_output.Text(), _errors.Text()) { Seconds = seconds };
            if (_limits.Times) output = output with { OutputLines = _output.Lines(_timestamp), ErrorLines = _errors.Lines(_timestamp) };
            return new ProgramResult(output, _timestamp, _peak > 0 ? _peak : null);
        }
        finally
        {
            End();
        }
    }

    private void Check(TimeSpan elapsed, IReadOnlyList<int> tree)
    {
        if (_flooded) throw Flooded();
        if (elapsed > _limits.Time)
            throw Failed(FailureKind.Hang, $"still running after {elapsed.TotalSeconds:0.#} s", "Raise the time limit if the work is really that long.");
        (long resident, long peak) = ProcessTree.Memory(tree);
        _peak = Math.Max(_peak, peak);
        if (resident > _limits.MemoryBytes)
        {
            throw Failed(FailureKind.OutOfMemory, $"with its children {resident >> 20} MiB resident passed the memory limit of {_limits.MemoryBytes >> 20} MiB",
                "Raise the memory limit, or take a smaller model.");
        }
    }

    // Those that it left behind have another parent by now, and the last look may have come after they got it: all that were ever seen are ended.
    private void End()
    {
        if (!_process.HasExited) _process.Kill(entireProcessTree: true);
        foreach ((int process, DateTime started) in _seen)
        {
            try
            {
                using Process left = Process.GetProcessById(process);
                if (left.StartTime == started) left.Kill(entireProcessTree: true);
            }
            catch (Exception exception) when (exception is ArgumentException or InvalidOperationException or Win32Exception)
            {
                // Gone by itself.
            }
        }
        _process.WaitForExit(s_farewell);
    }

    private static DateTime? StartOf(int process)
    {
        try
        {
            using Process found = Process.GetProcessById(process);
            return found.StartTime;
        }
        catch (Exception exception) when (exception is ArgumentException or InvalidOperationException or Win32Exception)
        {
            return null;
        }
    }

    private TrialException Flooded() =>
        Failed(FailureKind.Protocol, $"wrote more than {_limits.OutputBytes >> 20} MiB", "Switch its progress output off.", quote: false);

    private TrialException Fell(int code)
    {
        const int Killed = 128 + 9;
        return code == Killed && KernelKills() > _killsBefore
            ? Failed(FailureKind.OutOfMemory, "was killed by the kernel for want of memory", "Take a smaller model, or free memory.")
            : Failed(FailureKind.Crash, code > 128 ? $"was killed by signal {code - 128}" : $"ended with exit code {code}", null);
    }

    private TrialException Failed(FailureKind kind, string what, string? remedy, bool quote = true)
    {
        string words = quote ? string.Join('\n', new[] { _output.LastLines(), _errors.LastLines() }.Where(lines => lines.Length > 0)) : "";
        return new TrialException(kind, $"'{_limits.Program}' {what}{(words.Length == 0 ? "" : $"; its last words: {words}")}", remedy);
    }

    private static long KernelKills()
    {
        try
        {
            string? line = File.ReadLines("/proc/vmstat").FirstOrDefault(line => line.StartsWith("oom_kill ", StringComparison.Ordinal));
            return line is not null && long.TryParse(line.AsSpan("oom_kill ".Length), out long kills) ? kills : 0;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return 0;
        }
    }
}

/// <summary>What a program may take.</summary>
/// <param name="Program">Absolute path.</param>
/// <param name="Folder">Where it runs.</param>
/// <param name="MemoryBytes">Resident, with its children.</param>
internal sealed record ProgramLimits(string Program, string Folder, TimeSpan Time, long MemoryBytes)
{
    public int OutputBytes { get; init; } = ProgramRun.MaxOutputBytes;

    /// <summary>Whether the times of its lines are wanted.</summary>
    public bool Times { get; init; }
}

/// <summary>A program that ended well.</summary>
/// <param name="Started">Timestamp of <see cref="Stopwatch"/>.</param>
/// <param name="PeakBytes">Sum over the program and its children of the most that each held resident, looked at ten times a second; null where it ended before the first look.</param>
internal sealed record ProgramResult(ToolOutput Output, long Started, long? PeakBytes);
