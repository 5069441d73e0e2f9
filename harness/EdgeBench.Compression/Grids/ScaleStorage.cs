namespace EdgeBench.Compression.Grids;

/// <summary>Rounds scales and offsets to what a format stores.</summary>
internal static class ScaleStorage
{
    private const int ShortBits = 7;

    public static GroupScale Symmetric(LevelGrid grid, float scale)
    {
        float stored = grid.HalfScales ? (float)(Half)scale : scale;
        return new GroupScale(stored, -grid.Centre!.Value * stored);
    }

    public static GroupScale Asymmetric(LevelGrid grid, float scale, float offset)
    {
        if (grid.IntegerZero)
        {
            float few = Short(scale);
            float zero = few == 0 ? 0 : Math.Clamp(MathF.Round(-offset / few), 0, grid.Highest);
            return new GroupScale(few, -zero * few);
        }
        return grid.HalfScales ? new GroupScale((float)(Half)scale, (float)(Half)offset) : new GroupScale(scale, offset);
    }

    // Nearest float16 with 7 significant bits: 11 less the 4 of a zero point; below float16's normal numbers a step of 2^-24 remains.
    private static float Short(float scale)
    {
        if (scale == 0 || !float.IsFinite(scale)) return scale;
        float step = MathF.ScaleB(1, Math.Max(MathF.ILogB(scale) - ShortBits + 1, -24));
        return MathF.Round(scale / step) * step;
    }
}
