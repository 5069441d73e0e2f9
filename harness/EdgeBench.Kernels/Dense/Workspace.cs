using System.Buffers;
using System.Runtime.InteropServices;

namespace EdgeBench.Kernels.Dense;

/// <summary>Borrowed float32 memory that starts at a cache line and does not move; contents are undefined.</summary>
internal readonly unsafe struct Workspace : IDisposable
{
    private const int LineBytes = 64;

    private readonly float[] _array;
    private readonly GCHandle _pin;

    public Workspace(long elements)
    {
        _array = ArrayPool<float>.Shared.Rent(checked((int)(elements + (LineBytes / sizeof(float)))));
        _pin = GCHandle.Alloc(_array, GCHandleType.Pinned);
        Data = (float*)(((nuint)_pin.AddrOfPinnedObject() + LineBytes - 1) & ~(nuint)(LineBytes - 1));
    }

    public float* Data { get; }

    public void Dispose()
    {
        _pin.Free();
        ArrayPool<float>.Shared.Return(_array);
    }
}
