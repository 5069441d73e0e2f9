namespace EdgeBench.Backends.Tests.Quantisation;

/// <summary>Rows of weights of several kinds, the same in every run.</summary>
internal static class SampleRows
{
    public const int Columns = 512;

    public static float[] Of(string kind, int rows)
    {
        Random random = new(kind.Length + 7);
        return [.. Enumerable.Range(0, rows * Columns).Select(i => kind switch
        {
            "normal" => Normal(random) * 0.05f,
            "laplace" => Laplace(random) * 0.05f,
            "outliers" => Normal(random) * (random.Next(200) == 0 ? 3f : 0.05f),
            "positive" => MathF.Abs(Normal(random)) + 0.5f,
            // Groups of zeros, of one value, and of a scale of their own.
            _ => (i / 16 % 5) switch { 0 => 0f, 1 => -0.25f, 2 => -0f, 3 => Normal(random) * 1e-6f, _ => Normal(random) },
        })];
    }

    public static float[] Importance(bool withZeros)
    {
        Random random = new(11);
        return [.. Enumerable.Range(0, Columns).Select(i => withZeros && i % 3 == 0 ? 0f : MathF.Exp(2 * Normal(random)))];
    }

    private static float Normal(Random random) =>
        (float)(Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble()));

    private static float Laplace(Random random)
    {
        double uniform = random.NextDouble() - 0.5;
        return (float)(-Math.Sign(uniform) * Math.Log(1 - (2 * Math.Abs(uniform)) + 1e-12));
    }
}
