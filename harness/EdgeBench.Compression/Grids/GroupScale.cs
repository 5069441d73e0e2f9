namespace EdgeBench.Compression.Grids;

/// <summary>
/// The grid of one group of weights: value = <paramref name="Scale"/> · level + <paramref name="Offset"/>, as stored. The scale may be negative, or 0.
/// Levels are the nearest to the stored grid, or, where <see cref="FoundBy"/> was asked for, to the one that rounding to what is stored has moved.
/// </summary>
public readonly record struct GroupScale(float Scale, float Offset)
{
    /// <summary>What <see cref="Level"/> multiplies by: the reciprocal, or 0 where all levels are the same value.</summary>
    public float Inverse { get; private init; } = Reciprocal(Scale);

    /// <summary>Where <see cref="Level"/> counts from: the value of level 0.</summary>
    public float Start { get; private init; } = Offset;

    /// <summary>The same stored grid, its levels found by another scale and offset.</summary>
    public GroupScale FoundBy(float scale, float offset) => this with { Inverse = Reciprocal(scale), Start = offset };

    /// <summary>The level that is found for a value, between <paramref name="lowest"/> and <paramref name="highest"/>.</summary>
    public float Level(float value, float lowest, float highest) =>
        Math.Clamp(MathF.Floor(MathF.FusedMultiplyAdd(value - Start, Inverse, 0.5f)), lowest, highest);

    public float Value(float level) => MathF.FusedMultiplyAdd(Scale, level, Offset);

    // Scales below float32's normal numbers have no reciprocal.
    private static float Reciprocal(float scale) => scale == 0 || !float.IsFinite(1 / scale) ? 0 : 1 / scale;
}
