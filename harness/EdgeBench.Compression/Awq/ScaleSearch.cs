using System.Numerics.Tensors;
using EdgeBench.Compression.Grids;
using EdgeBench.Compression.Quantising;

namespace EdgeBench.Compression.Awq;

/// <summary>
/// AWQ's search (Lin et al., arXiv 2306.00978, section 3.2): columns that read large inputs are scaled up before rounding, by mean|x|^r with the r in
/// [0, 1) that gives the least squared error of the outputs of all matrices of the site.
/// </summary>
internal static class ScaleSearch
{
    /// <summary>Scales of the site's columns, and the power that won.</summary>
    /// <param name="matrices">Weights [rows, columns] with the grid that each gets.</param>
    /// <param name="tie">The column that decides for each column (itself, or the first of those that must have one scale).</param>
    public static (float[] Scales, double Power) Find(
        SiteSolver solver, IReadOnlyList<(float[] Weights, int Rows, LevelGrid Grid)> matrices, int[] tie, LevelSettings settings)
    {
        float[] magnitude = Tied(solver.Statistics.MeanMagnitude, tie), best = [];
        (double least, double power) = (double.PositiveInfinity, 0);
        for (int step = 0; step < settings.FoldPowers; step++)
        {
            double candidate = (double)step / settings.FoldPowers;
            float[] scales = ColumnScales.Of(magnitude, candidate);
            double error = 0;
            foreach ((float[] weights, int rows, LevelGrid grid) in matrices)
            {
                float[] scaled = ColumnScales.Multiply(weights, scales);
                float[] values = solver.Solve(scaled, rows, scales, grid, nearest: !settings.FoldByGptq).Dequantise();
                ColumnScales.Divide(values, scales);
                TensorPrimitives.Subtract(values, weights, values);
                error += solver.Error!.Of(values);
            }
            if (error < least) (best, least, power) = (scales, error, candidate);
        }
        return (best, power);
    }

    private static float[] Tied(float[] magnitude, int[] tie)
    {
        float[] sums = new float[magnitude.Length];
        int[] counts = new int[magnitude.Length];
        for (int i = 0; i < magnitude.Length; i++) (sums[tie[i]], counts[tie[i]]) = (sums[tie[i]] + magnitude[i], counts[tie[i]] + 1);
        return [.. tie.Select(first => sums[first] / counts[first])];
    }
}
