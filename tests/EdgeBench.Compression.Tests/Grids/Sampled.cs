namespace EdgeBench.Compression.Tests.Grids;

/// <summary>Random weights and inputs with the shapes that matter: outliers, columns of different size, correlated columns.</summary>
internal static class Sampled
{
    public static float[] Normal(int count, int seed, float scale = 1)
    {
        Random random = new(seed);
        float[] values = new float[count];
        for (int i = 0; i < count; i++) values[i] = scale * (float)(Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble()));
        return values;
    }

    /// <summary>XᵀX [columns, columns] of inputs that share a few directions, with columns of very different size.</summary>
    public static double[] Gram(int columns, int rows, int seed)
    {
        const int Shared = 4;
        float[] noise = Normal(rows * columns, seed), common = Normal(rows * Shared, seed + 1), mix = Normal(Shared * columns, seed + 2), size = Normal(columns, seed + 3);
        double[] inputs = new double[rows * columns];
        for (int r = 0; r < rows; r++)
        {
            for (int c = 0; c < columns; c++)
            {
                double value = 0.5 * noise[(r * columns) + c];
                for (int s = 0; s < Shared; s++) value += common[(r * Shared) + s] * mix[(s * columns) + c];
                inputs[(r * columns) + c] = value * Math.Exp(size[c]);
            }
        }
        double[] gram = new double[columns * columns];
        for (int i = 0; i < columns; i++)
        {
            for (int j = 0; j < columns; j++)
            {
                double sum = 0;
                for (int r = 0; r < rows; r++) sum += inputs[(r * columns) + i] * inputs[(r * columns) + j];
                gram[(i * columns) + j] = sum;
            }
        }
        return gram;
    }

    public static float[] Diagonal(double[] gram, int columns) => [.. Enumerable.Range(0, columns).Select(i => (float)gram[(i * columns) + i])];

    /// <summary>Sum over rows of e H eᵀ with e = changed - weights.</summary>
    public static double OutputError(float[] weights, float[] changed, double[] gram, int columns)
    {
        double total = 0;
        for (int row = 0; row < weights.Length / columns; row++)
        {
            for (int i = 0; i < columns; i++)
            {
                double inner = 0, e = changed[(row * columns) + i] - weights[(row * columns) + i];
                for (int j = 0; j < columns; j++) inner += gram[(i * columns) + j] * (double)(changed[(row * columns) + j] - weights[(row * columns) + j]);
                total += e * inner;
            }
        }
        return total;
    }
}
