using EdgeBench.Compression.Grids;

namespace EdgeBench.Compression.Tests.Gptq;

/// <summary>
/// GPTQ as its paper's section 3 derives it (optimal brain quantisation in a fixed order), in float64 and with nothing clever: after each column the
/// inverse Hessian of what is left comes from one step of Gaussian elimination, and every remaining weight moves at once.
/// </summary>
internal static class TextbookGptq
{
    /// <param name="scaleOf">Grid of a row at a column, given the row as it is by then.</param>
    public static float[] Solve(float[] weights, int columns, double[] hessian, double damping, int[] order, LevelGrid grid, Func<int, int, double[], GroupScale> scaleOf)
    {
        double[,] inverse = Inverse(hessian, columns, damping);
        float[] result = new float[weights.Length];
        double[][] rows = [.. weights.Chunk(columns).Select(row => Array.ConvertAll(row, value => (double)value))];
        foreach (int j in order)
        {
            for (int r = 0; r < rows.Length; r++)
            {
                GroupScale scale = scaleOf(r, j, rows[r]);
                double level = Math.Clamp(Math.Floor(((rows[r][j] - scale.Start) * scale.Inverse) + 0.5), grid.Lowest, grid.Highest);
                double value = (scale.Scale * level) + scale.Offset, error = (rows[r][j] - value) / inverse[j, j];
                for (int k = 0; k < columns; k++) rows[r][k] -= error * inverse[j, k];
                result[(r * columns) + j] = (float)value;
            }
            double pivot = inverse[j, j];
            double[] row = [.. Enumerable.Range(0, columns).Select(k => inverse[j, k])];
            for (int a = 0; a < columns; a++)
            {
                for (int b = 0; b < columns; b++) inverse[a, b] -= row[a] * row[b] / pivot;
            }
        }
        return result;
    }

    private static double[,] Inverse(double[] hessian, int size, double damping)
    {
        double mean = Enumerable.Range(0, size).Average(i => hessian[(i * size) + i]);
        double[,] a = new double[size, size], inverse = new double[size, size];
        for (int i = 0; i < size; i++)
        {
            for (int j = 0; j < size; j++) a[i, j] = hessian[(i * size) + j] + (i == j ? damping * mean : 0);
            inverse[i, i] = 1;
        }
        for (int p = 0; p < size; p++)
        {
            double pivot = a[p, p];
            for (int k = 0; k < size; k++) (a[p, k], inverse[p, k]) = (a[p, k] / pivot, inverse[p, k] / pivot);
            for (int i = 0; i < size; i++)
            {
                double factor = a[i, p];
                if (i == p || factor == 0) continue;
                for (int k = 0; k < size; k++) (a[i, k], inverse[i, k]) = (a[i, k] - (factor * a[p, k]), inverse[i, k] - (factor * inverse[p, k]));
            }
        }
        return inverse;
    }
}
