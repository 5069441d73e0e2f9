namespace EdgeBench.Engine.Tests;

/// <summary>Logits as probabilities, in double precision.</summary>
internal static class Probabilities
{
    /// <summary>Natural logarithms.</summary>
    public static double[] Log(ReadOnlySpan<float> logits)
    {
        double[] values = new double[logits.Length];
        double largest = float.NegativeInfinity, sum = 0;
        foreach (float logit in logits) largest = Math.Max(largest, logit);
        foreach (float logit in logits) sum += Math.Exp(logit - largest);
        for (int i = 0; i < values.Length; i++) values[i] = logits[i] - largest - Math.Log(sum);
        return values;
    }
}
