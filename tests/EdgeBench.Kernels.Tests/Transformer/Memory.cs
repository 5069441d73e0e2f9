using System.Runtime.InteropServices;

namespace EdgeBench.Kernels.Tests.Transformer;

/// <summary>Unmanaged floats with a mark behind them that must stay.</summary>
internal sealed unsafe class Memory : IDisposable
{
    private const float Mark = 12345.678f;

    public Memory(int count)
    {
        Count = count;
        Data = (float*)NativeMemory.AllocZeroed((nuint)count + 16, sizeof(float));
        for (int i = 0; i < 16; i++) Data[count + i] = Mark;
    }

    public int Count { get; }

    public float* Data { get; }

    public Span<float> Span => new(Data, Count);

    public static Memory Of(ReadOnlySpan<float> values)
    {
        Memory memory = new(values.Length);
        values.CopyTo(memory.Span);
        return memory;
    }

    /// <summary>Of order one, from a seed.</summary>
    public static Memory Random(int count, int seed)
    {
        Random random = new(seed);
        Memory memory = new(count);
        for (int i = 0; i < count; i++) memory.Data[i] = (float)((random.NextDouble() * 4) - 2);
        return memory;
    }

    public void AssertEndIsUntouched()
    {
        for (int i = 0; i < 16; i++) Assert.Equal(Mark, Data[Count + i]);
    }

    public void Dispose() => NativeMemory.Free(Data);
}
