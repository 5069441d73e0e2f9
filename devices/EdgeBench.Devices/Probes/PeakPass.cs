using System.Diagnostics;
using EdgeBench.Kernels.Peaks;

namespace EdgeBench.Devices.Probes;

/// <summary>One loop on some threads, once.</summary>
public sealed class PeakPass
{
    // Long enough that starting threads together costs nothing, short enough that a few passes fit between others' turns.
    private const double Seconds = 0.02;

    private readonly PeakLoop _loop;
    private readonly nint _data;
    private readonly long _steps;

    /// <param name="buffer">Null for a loop that computes.</param>
    public PeakPass(PeakLoop loop, int threads, ReadBuffer? buffer)
    {
        ArgumentNullException.ThrowIfNull(loop);
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        if (loop.Kind == PeakKind.Read) ArgumentNullException.ThrowIfNull(buffer);
        (_loop, Threads) = (loop, threads);
        _data = buffer?.Address ?? 0;
        _steps = buffer is null || loop.Kind != PeakKind.Read ? Calibrated(loop) : buffer.Bytes / threads / (long)loop.OperationsPerStep;
    }

    public int Threads { get; }

    public PeakKind Kind => _loop.Kind;

    public string Instructions => _loop.Instructions;

    /// <summary><c>GB/s</c> or <c>GOP/s</c>.</summary>
    public string Unit => Kind == PeakKind.Read ? "GB/s" : "GOP/s";

    /// <summary>Bytes that all threads read together.</summary>
    public long Bytes => Kind == PeakKind.Read ? (long)(_steps * _loop.OperationsPerStep) * Threads : 0;

    /// <summary>Rate in <see cref="Unit"/>: work of all threads, each on its own part of the buffer, from the first one's start to the last one's end.</summary>
    public double Run()
    {
        long[] starts = new long[Threads], ends = new long[Threads];
        int waiting = Threads;
        void Work(int thread)
        {
            nint part = _data + (nint)(thread * _steps * _loop.OperationsPerStep);
            Interlocked.Decrement(ref waiting);
            SpinWait spin = default;
            while (Volatile.Read(ref waiting) > 0) spin.SpinOnce(sleep1Threshold: -1);
            starts[thread] = Stopwatch.GetTimestamp();
            long result = _loop.Run(part, _steps);
            ends[thread] = Stopwatch.GetTimestamp();
            GC.KeepAlive(result);
        }

        Thread[] others = [.. Enumerable.Range(1, Threads - 1).Select(thread => new Thread(() => Work(thread)) { IsBackground = true, Name = "peak probe" })];
        foreach (Thread thread in others) thread.Start();
        Work(0);
        foreach (Thread thread in others) thread.Join();
        double seconds = Stopwatch.GetElapsedTime(starts.Min(), ends.Max()).TotalSeconds;
        return _steps * _loop.OperationsPerStep * Threads / seconds / 1e9;
    }

    private static long Calibrated(PeakLoop loop)
    {
        for (long steps = 1 << 12; ; steps *= 4)
        {
            long start = Stopwatch.GetTimestamp();
            loop.Run(0, steps);
            double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
            if (seconds > Seconds / 8) return Math.Max(1, (long)(steps * Seconds / seconds));
        }
    }
}
