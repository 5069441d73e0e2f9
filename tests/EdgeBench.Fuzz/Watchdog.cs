using System.Diagnostics;

namespace EdgeBench.Fuzz;

/// <summary>Ends the process with exit code 1 where one execution takes longer than the limit; its input is in the file that the message names.</summary>
internal sealed class Watchdog : IDisposable
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(2);

    private readonly Timer _timer;
    private long _started;

    /// <param name="whereInputIs">Text for the message.</param>
    public Watchdog(string target, string whereInputIs) => _timer = new Timer(_ =>
    {
        long started = Volatile.Read(ref _started);
        if (started == 0 || Stopwatch.GetElapsedTime(started) < s_limit) return;
        Console.Out.WriteLine($"FINDING {target}: an execution hangs (more than {s_limit.TotalSeconds} s); {whereInputIs}");
        Console.Out.Flush();
        Environment.Exit(1);
    }, null, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(0.5));

    public void Start() => Volatile.Write(ref _started, Stopwatch.GetTimestamp());

    public void Stop() => Volatile.Write(ref _started, 0);

    public void Dispose() => _timer.Dispose();
}
