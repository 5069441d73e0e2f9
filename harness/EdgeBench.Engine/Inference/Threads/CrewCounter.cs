using System.Runtime.InteropServices;

namespace EdgeBench.Engine.Inference.Threads;

/// <summary>A shared number alone on its cache lines (128 bytes: processors fetch lines in pairs).</summary>
internal sealed class CrewCounter
{
    private Padded _padded;

    public int Value
    {
        get => Volatile.Read(ref _padded.Value);
        set => Volatile.Write(ref _padded.Value, value);
    }

    /// <summary>The number after one was added.</summary>
    public int Increment() => Interlocked.Increment(ref _padded.Value);

    /// <summary>Makes it <paramref name="after"/> if it is still <paramref name="before"/>.</summary>
    public bool TryChange(int before, int after) => Interlocked.CompareExchange(ref _padded.Value, after, before) == before;

    [StructLayout(LayoutKind.Explicit, Size = 256)]
    private struct Padded
    {
        [FieldOffset(128)] public int Value;
    }
}
