using System.Runtime.InteropServices;
using EdgeBench.Kernels.Packed;

namespace EdgeBench.Engine.Inference.Memory;

/// <summary>Zeroed memory outside of the managed heap that starts at a cache line.</summary>
internal sealed unsafe class NativeBlock : IDisposable
{
    private const int LineBytes = 64;

    private readonly bool _large;
    private byte* _data;

    /// <summary>Throws <see cref="OutOfMemoryException"/> where memory lacks.</summary>
    /// <param name="large">Asks the system for large pages, which it gives, and counts, as they are first written.</param>
    public NativeBlock(long bytes, bool large = false)
    {
        (Bytes, _large) = (Math.Max(LineBytes, bytes), large);
        if (large)
        {
            _data = WeightMemory.Allocate((nuint)Bytes);
            return;
        }
        _data = (byte*)NativeMemory.AlignedAlloc((nuint)Bytes, LineBytes);
        NativeMemory.Clear(_data, (nuint)Bytes);
    }

    ~NativeBlock() => Free();

    public long Bytes { get; }

    public byte* Data => _data is null ? throw new ObjectDisposedException(nameof(NativeBlock)) : _data;

    public float* Floats => (float*)Data;

    /// <summary>A copy of values.</summary>
    public static NativeBlock Of(ReadOnlySpan<float> values)
    {
        NativeBlock block = OfFloats(values.Length);
        values.CopyTo(new Span<float>(block._data, values.Length));
        return block;
    }

    public static NativeBlock OfFloats(long count) => new(checked(count * sizeof(float)));

    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    private void Free()
    {
        if (_large) WeightMemory.Free(_data);
        else NativeMemory.AlignedFree(_data);
        _data = null;
    }
}
