using System.Numerics.Tensors;

namespace EdgeBench.Compression.Grids;

/// <summary>
/// Scales that cover a group's whole range, as the formats' own quantisers choose them: the value of largest magnitude with its sign over the
/// lowest level's distance from the centre (Q4_0, Q5_0), the largest magnitude over 127 (Q8_0), or (max - min) / steps (Q4_1, Q5_1).
/// </summary>
internal static class RangeFit
{
    public static GroupScale Of(LevelGrid grid, ReadOnlySpan<float> values)
    {
        if (grid.Centre is { } centre)
        {
            int largest = TensorPrimitives.IndexOfMaxMagnitude(values);
            return ScaleStorage.Symmetric(grid, centre == 0 ? MathF.Abs(values[largest]) / grid.Highest : values[largest] / -centre);
        }
        (float low, float high) = (TensorPrimitives.Min(values), TensorPrimitives.Max(values));
        if (grid.IntegerZero) (low, high) = (Math.Min(low, 0), Math.Max(high, 0));
        return ScaleStorage.Asymmetric(grid, (high - low) / grid.Steps, low);
    }
}
