using System.Diagnostics;

namespace EdgeBench.Fuzz;

/// <summary>
/// Ends the process with exit code 1 where one execution takes more than 2 s of processor time, or a minute: other work on the machine is no finding. Its
/// input is in the file that the message names.
/// </summary>
internal sealed class Watchdog : IDisposable
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan s_wait = TimeSpan.FromMinutes(1);

    private readonly Timer _timer;
    private long _started;
    private long _processorTicks;

    /// <param name="whereInputIs">Text for the message.</param>
    public Watchdog(string target, string whereInputIs) => _timer = new Timer(_ =>
    {
        long started = Volatile.Read(ref _started);
        TimeSpan used = Environment.CpuUsage.TotalTime - TimeSpan.FromTicks(Volatile.Read(ref _processorTicks));
        if (started == 0 || started != Volatile.Read(ref _started) || (used < s_limit && Stopwatch.GetElapsedTime(started) < s_wait)) return;
        Console.Out.WriteLine($"FINDING {target}: an execution hangs (more than {s_limit.TotalSeconds} s); {whereInputIs}");
        Console.Out.Flush();
        Environment.Exit(1);
    }, null, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(0.5));

    public void Start()
    {
        Volatile.Write(ref _processorTicks, Environment.CpuUsage.TotalTime.Ticks);
        Volatile.Write(ref _started, Stopwatch.GetTimestamp());
    }

    public void Stop() => Volatile.Write(ref _started, 0);

    public void Dispose() => _timer.Dispose();
}
