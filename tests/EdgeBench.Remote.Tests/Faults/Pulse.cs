using System.Diagnostics;

namespace EdgeBench.Remote.Tests.Faults;

/// <summary>
/// Notices when this process did not run: a stopped process or a virtual machine that was put aside plays both ends of every link, and what they then lost tells nothing of a fault.
/// </summary>
internal sealed class Pulse : IDisposable
{
    private static readonly TimeSpan s_beat = TimeSpan.FromMilliseconds(100);

    private readonly Stopwatch _watch = Stopwatch.StartNew();
    private readonly List<(double At, double Seconds)> _pauses = [];
    private readonly Thread _thread;
    private volatile bool _over;

    public Pulse()
    {
        _thread = new Thread(Beat) { IsBackground = true, Name = "pulse" };
        _thread.Start();
    }

    /// <summary>Seconds since it began.</summary>
    public double Now => _watch.Elapsed.TotalSeconds;

    /// <summary>Seconds of the longest pause that ended since then; 0 where there was none beyond a beat's own jitter.</summary>
    public double LongestSince(double then)
    {
        lock (_pauses) return _pauses.Where(pause => pause.At >= then).Select(pause => pause.Seconds).DefaultIfEmpty(0).Max();
    }

    public void Dispose()
    {
        _over = true;
        _thread.Join();
    }

    private void Beat()
    {
        double last = Now;
        while (!_over)
        {
            Thread.Sleep(s_beat);
            double now = Now, gap = now - last - s_beat.TotalSeconds;
            last = now;
            if (gap < s_beat.TotalSeconds) continue;
            lock (_pauses) _pauses.Add((now, gap));
        }
    }
}
