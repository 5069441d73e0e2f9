using System.Diagnostics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;
using EdgeBench.Engine.Inference.Memory;

namespace EdgeBench.Engine.Inference.Threads;

/// <summary>
/// A gate that opens again and again; each opening is a generation. Who waits spins for a while and then parks. Method: a generation counter with a
/// count of the parked, so that opening needs no system call unless somebody sleeps.
/// </summary>
internal sealed unsafe class CrewGate : IDisposable
{
    // Longer than phases of a step differ, shorter than people or schedulers notice.
    private static readonly long s_spin = Stopwatch.Frequency / 5_000;

    // Two numbers, each alone on its lines (processors fetch them in pairs): the generation and the parked.
    private readonly NativeBlock _memory = new(512);
    private readonly object _monitor = new();
    private readonly int* _generation, _parked;

    public CrewGate()
    {
        _generation = (int*)_memory.Data;
        _parked = (int*)(_memory.Data + 256);
    }

    public int Generation => Volatile.Read(ref *_generation);

    /// <summary>Lets go everybody who waits for the current generation to pass.</summary>
    public void Open()
    {
        // A full fence: either this sees the parked, or who parks sees the new generation.
        Interlocked.Increment(ref *_generation);
        if (Volatile.Read(ref *_parked) == 0) return;
        if (Futex.IsSupported)
        {
            Futex.WakeAll(_generation);
            return;
        }
        lock (_monitor) Monitor.PulseAll(_monitor);
    }

    /// <summary>Returns once the generation is another than <paramref name="seen"/>.</summary>
    public void Wait(int seen)
    {
        long end = 0;
        while (Generation == seen)
        {
            for (int i = 0; i < 64; i++)
            {
                if (Generation != seen) return;
                Pause();
            }
            long now = Stopwatch.GetTimestamp();
            if (end == 0) end = now + s_spin;
            else if (now > end) Park(seen);
        }
    }

    public void Dispose() => _memory.Dispose();

    private void Park(int seen)
    {
        Interlocked.Increment(ref *_parked);
        if (Futex.IsSupported)
        {
            while (Generation == seen) Futex.Wait(_generation, seen);
        }
        else
        {
            lock (_monitor)
            {
                while (Generation == seen) Monitor.Wait(_monitor);
            }
        }
        Interlocked.Decrement(ref *_parked);
    }

    private static void Pause()
    {
        if (X86Base.IsSupported) X86Base.Pause();
        else if (ArmBase.IsSupported) ArmBase.Yield();
        else Thread.SpinWait(1);
    }
}
