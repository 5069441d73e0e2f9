using System.Numerics;

namespace EdgeBench.Compression.Grids;

/// <summary>Sums over one group that decide its best scale and offset for given levels. Lengths are whole SIMD vectors (32 is, for each width).</summary>
internal readonly record struct LeastSquares(float Weight, float Level, float LevelSquared, float Value, float Product)
{
    /// <summary>Sums for the levels that rounding (value + <paramref name="shift"/>) · <paramref name="inverse"/> + <paramref name="centre"/> gives.</summary>
    public static LeastSquares Of(
        ReadOnlySpan<float> values, ReadOnlySpan<float> weights, float inverse, float shift, float centre, float lowest, float highest)
    {
        Vector<float> scale = new(inverse), add = new(shift), half = new(centre + 0.5f), low = new(lowest), high = new(highest), middle = new(centre);
        Vector<float> sumW = default, sumL = default, sumL2 = default, sumX = default, sumXL = default;
        for (int i = 0; i < values.Length; i += Vector<float>.Count)
        {
            Vector<float> x = new(values[i..]), w = new(weights[i..]);
            Vector<float> level = Vector.Min(Vector.Max(Vector.Floor(Vector.FusedMultiplyAdd(x + add, scale, half)), low), high) - middle;
            Vector<float> weighted = w * level;
            sumW += w;
            sumL += weighted;
            sumL2 += weighted * level;
            sumX += w * x;
            sumXL += weighted * x;
        }
        return new LeastSquares(Vector.Sum(sumW), Vector.Sum(sumL), Vector.Sum(sumL2), Vector.Sum(sumX), Vector.Sum(sumXL));
    }

    /// <summary>Scale that minimises the weighted squared error without an offset.</summary>
    public float Scale => LevelSquared > 0 ? Product / LevelSquared : 0;

    /// <summary>Scale and offset together, or null where the levels do not determine both.</summary>
    public (float Scale, float Offset)? Affine
    {
        get
        {
            float determinant = (Weight * LevelSquared) - (Level * Level);
            if (!(determinant > 1e-6f * Weight * LevelSquared)) return null;
            return (((Weight * Product) - (Value * Level)) / determinant, ((LevelSquared * Value) - (Level * Product)) / determinant);
        }
    }

    /// <summary>Weighted squared error of rounding to a stored grid.</summary>
    public static float Error(ReadOnlySpan<float> values, ReadOnlySpan<float> weights, GroupScale grid, float lowest, float highest)
    {
        Vector<float> inverse = new(grid.Inverse), start = new(grid.Start), scale = new(grid.Scale), offset = new(grid.Offset), half = new(0.5f), low = new(lowest), high = new(highest);
        Vector<float> sum = default;
        for (int i = 0; i < values.Length; i += Vector<float>.Count)
        {
            Vector<float> x = new(values[i..]);
            Vector<float> level = Vector.Min(Vector.Max(Vector.Floor(Vector.FusedMultiplyAdd(x - start, inverse, half)), low), high);
            Vector<float> error = x - Vector.FusedMultiplyAdd(scale, level, offset);
            sum += error * error * new Vector<float>(weights[i..]);
        }
        return Vector.Sum(sum);
    }
}
