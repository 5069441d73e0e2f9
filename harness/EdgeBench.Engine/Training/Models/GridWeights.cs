using EdgeBench.Kernels.Quantisation;

namespace EdgeBench.Engine.Training.Models;

/// <summary>A weight as the forward pass uses it, in its grid's own terms.</summary>
/// <param name="Levels">[rows · columns], row-major.</param>
/// <param name="Scales">[rows · groups], as the grid's format stores them.</param>
public sealed record GridWeights(string Name, WeightGrid Grid, int Rows, int Columns, sbyte[] Levels, float[] Scales)
{
    private int Group => Levels.Length / Scales.Length;

    /// <summary>Levels times scales: the values of the forward pass, bit for bit.</summary>
    public float[] Dequantised()
    {
        float[] values = new float[Levels.Length];
        for (int i = 0; i < values.Length; i++) values[i] = Levels[i] * Scales[i / Group];
        return values;
    }

    /// <summary>Blocks of the grid's format that decode to <see cref="Dequantised"/>. Throws <see cref="NotSupportedException"/> for a grid that is no block format.</summary>
    public byte[] Blocks() => Grid.Blocks(Levels, Scales);

    /// <param name="scales">Trained ones, or null for the grid's own.</param>
    internal static GridWeights Of(WeightGrid grid, Graphs.Parameter weight, Graphs.Parameter? scales)
    {
        int groups = grid.Groups(weight.Columns), width = weight.Columns / groups;
        float[] values = weight.ToArray(), stored = new float[weight.Rows * groups];
        sbyte[] levels = new sbyte[values.Length];
        for (int row = 0; row < weight.Rows; row++)
        {
            Span<float> own = stored.AsSpan(row * groups, groups);
            if (scales is null) grid.Quantise(values.AsSpan(row * weight.Columns, weight.Columns), levels.AsSpan(row * weight.Columns, weight.Columns), own);
            else
            {
                for (int i = 0; i < groups; i++) own[i] = grid.StoredScale(scales.Values[(row * groups) + i]);
            }
        }
        for (int i = 0; scales is not null && i < levels.Length; i++)
        {
            float scale = stored[i / width];
            levels[i] = scale == 0 ? (sbyte)0 : (sbyte)MathF.Round(Math.Clamp(values[i] / scale, grid.Lowest, grid.Highest));
        }
        return new(weight.Name, grid, weight.Rows, weight.Columns, levels, stored);
    }
}
