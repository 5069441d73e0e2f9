using System.Buffers;

namespace EdgeBench.Engine.Decoding;

/// <summary>A borrowed matrix; contents are undefined.</summary>
internal readonly struct Scratch(int rows, int width) : IDisposable
{
    public float[] Array { get; } = ArrayPool<float>.Shared.Rent(checked(rows * width));

    public Span<float> Span => Array.AsSpan(0, rows * width);

    public void Dispose() => ArrayPool<float>.Shared.Return(Array);
}
