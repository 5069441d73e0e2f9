using System.Numerics.Tensors;

namespace EdgeBench.Compression.Grids;

/// <summary>
/// Scales that cover a group's whole range, as the formats' own quantisers choose them: the value of largest magnitude with its sign over the
/// lowest level's distance from the centre (Q4_0, Q5_0), the largest magnitude over the highest level where there are as many below as above (Q8_0, int3, int2), or (max - min) / steps (Q4_1, Q5_1). Levels are found
/// by these scales as they are in float32, before they are rounded to what is stored.
/// </summary>
internal static class RangeFit
{
    public static GroupScale Of(LevelGrid grid, ReadOnlySpan<float> values)
    {
        if (grid.Centre is { } centre)
        {
            int above = grid.Highest - centre, below = centre - grid.Lowest;
            float largest = Largest(values), scale = above == below ? MathF.Abs(largest) / above : largest / -below;
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
