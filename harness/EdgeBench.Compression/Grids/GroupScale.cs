namespace EdgeBench.Compression.Grids;

/// <summary>The grid of one group of weights: value = <paramref name="Scale"/> · level + <paramref name="Offset"/>. The scale may be negative, or 0.</summary>
public readonly record struct GroupScale(float Scale, float Offset)
{
    /// <summary>What <see cref="Level"/> multiplies by: the reciprocal, or 0 where all levels are the same value.</summary>
    public float Inverse => Scale == 0 ? 0 : 1 / Scale;

    /// <summary>The level whose value is nearest, between <paramref name="lowest"/> and <paramref name="highest"/>.</summary>
    public float Level(float value, float lowest, float highest) =>
        Math.Clamp(MathF.Floor(MathF.FusedMultiplyAdd(value - Offset, Inverse, 0.5f)), lowest, highest);

    public float Value(float level) => MathF.FusedMultiplyAdd(Scale, level, Offset);
}
