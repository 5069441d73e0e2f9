using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace EdgeBench.Backends.OnnxRuntime;

/// <summary>Zeroed memory outside of the collector's reach, aligned for the widest vectors, seen by ONNX Runtime as tensors without a copy.</summary>
internal sealed unsafe class NativeBuffer : IDisposable
{
    private const int Alignment = 64;

    private byte* _start;

    public NativeBuffer(long bytes)
    {
        Bytes = Math.Max(bytes, 1);
        _start = (byte*)NativeMemory.AlignedAlloc((nuint)Bytes, Alignment);
        NativeMemory.Clear(_start, (nuint)Bytes);
    }

    public long Bytes { get; }

    public nint Address => (nint)_start;

    public Span<T> Span<T>()
        where T : unmanaged
    {
        ObjectDisposedException.ThrowIf(_start is null, this);
        return new(_start, checked((int)(Bytes / sizeof(T))));
    }

    /// <summary>A tensor over the memory from <paramref name="offset"/> on; it must not outlive the buffer.</summary>
    public OrtValue Tensor(TensorElementType type, long[] shape, long bytes, long offset = 0)
    {
        ObjectDisposedException.ThrowIf(_start is null, this);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(offset + bytes, Bytes);
        return OrtValue.CreateTensorValueWithData(OrtMemoryInfo.DefaultInstance, type, shape, (nint)(_start + offset), bytes);
    }

    public void Dispose()
    {
        NativeMemory.AlignedFree(_start);
        _start = null;
    }
}
