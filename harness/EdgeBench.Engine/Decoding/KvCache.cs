namespace EdgeBench.Engine.Decoding;

/// <summary>Keys (rotated) and values of one layer, float32, for one sequence.</summary>
public sealed class KvCache(int capacity, int width)
{
    internal float[] Keys { get; } = new float[checked(capacity * width)];

    internal float[] Values { get; } = new float[checked(capacity * width)];

    internal int Width => width;

    public int Capacity => capacity;

    /// <summary>Positions that are filled.</summary>
    public int Length { get; private set; }

    public long Bytes => 2L * sizeof(float) * capacity * width;

    public void Clear() => Length = 0;

    /// <summary>Appends rows of keys and values that stand in wider rows.</summary>
    internal void Append(ReadOnlySpan<float> rows, int stride, int keyOffset, int valueOffset, int count)
    {
        if (count > capacity - Length) throw new ArgumentException($"{Length} + {count} positions; expected at most {capacity}.", nameof(count));
        for (int row = 0; row < count; row++)
        {
            rows.Slice((row * stride) + keyOffset, width).CopyTo(Keys.AsSpan((Length + row) * width));
            rows.Slice((row * stride) + valueOffset, width).CopyTo(Values.AsSpan((Length + row) * width));
        }
        Length += count;
    }
}
