using System.Numerics.Tensors;

namespace EdgeBench.Compression.Grids;

/// <summary>
/// Scales that cover a group's whole range, as the formats' own quantisers choose them: the value of largest magnitude with its sign over the
/// lowest level's distance from the centre (Q4_0, Q5_0), the largest magnitude over 127 (Q8_0), or (max - min) / steps (Q4_1, Q5_1). Levels are found
/// by these scales as they are in float32, before they are rounded to what is stored.
/// </summary>
internal static class RangeFit
{
    public static GroupScale Of(LevelGrid grid, ReadOnlySpan<float> values)
    {
        if (grid.Centre is { } centre)
        {
            float largest = Largest(values), scale = centre == 0 ? MathF.Abs(largest) / grid.Highest : largest / -centre;
            return ScaleStorage.Symmetric(grid, scale).FoundBy(scale, -centre * scale);
        }
        (float low, float high) = (TensorPrimitives.Min(values), TensorPrimitives.Max(values));
        if (grid.IntegerZero) return ScaleStorage.Asymmetric(grid, (Math.Max(high, 0) - Math.Min(low, 0)) / grid.Steps, Math.Min(low, 0));
        float step = (high - low) / grid.Steps;
        return ScaleStorage.Asymmetric(grid, step, low).FoundBy(step, low);
    }

    // Of two values that are as large, the first.
    private static float Largest(ReadOnlySpan<float> values)
    {
        float largest = 0;
        foreach (float value in values)
        {
            if (MathF.Abs(value) > MathF.Abs(largest)) largest = value;
        }
        return largest;
    }
}
