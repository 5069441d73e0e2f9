using System.Diagnostics;

namespace EdgeBench.Fuzz;

/// <summary>
/// Ends the process with exit code 1 where one execution takes more than 2 s of processor time, or a minute of looks at it: other work on the machine is no
/// finding, nor is a process that was stopped for a while. Its input is in the file that the message names.
/// </summary>
internal sealed class Watchdog : IDisposable
{
    private const int MostLooks = 120;

    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan s_look = TimeSpan.FromSeconds(0.5);

    private readonly Timer _timer;
    private long _started;
    private long _processorTicks;
    private long _seen;
    private int _looks;

    /// <param name="whereInputIs">Text for the message.</param>
    public Watchdog(string target, string whereInputIs) => _timer = new Timer(_ =>
    {
        long started = Volatile.Read(ref _started);
        TimeSpan used = Environment.CpuUsage.TotalTime - TimeSpan.FromTicks(Volatile.Read(ref _processorTicks));
        (_looks, _seen) = (started == _seen ? _looks + 1 : 0, started);
        if (started == 0 || started != Volatile.Read(ref _started) || (used < s_limit && _looks < MostLooks)) return;
        Console.Out.WriteLine($"FINDING {target}: an execution hangs (more than {s_limit.TotalSeconds} s); {whereInputIs}");
        Console.Out.Flush();
        Environment.Exit(1);
    }, null, 2 * s_look, s_look);

    public void Start()
    {
        Volatile.Write(ref _processorTicks, Environment.CpuUsage.TotalTime.Ticks);
        Volatile.Write(ref _started, Stopwatch.GetTimestamp());
    }

    public void Stop() => Volatile.Write(ref _started, 0);

    public void Dispose() => _timer.Dispose();
}
