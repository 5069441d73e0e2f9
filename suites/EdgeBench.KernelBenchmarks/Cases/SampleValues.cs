namespace EdgeBench.KernelBenchmarks.Cases;

/// <summary>Numbers as weights and activations have them, equal in every run.</summary>
internal static class SampleValues
{
    private const int Seed = 7;

    /// <summary>Sums of four uniform numbers: near a normal distribution of standard deviation 0.6, without infinities and denormals.</summary>
    public static float[] Normal(int length)
    {
        Random random = new(Seed);
        float[] values = new float[length];
        for (int i = 0; i < length; i++) values[i] = random.NextSingle() + random.NextSingle() - random.NextSingle() - random.NextSingle();
        return values;
    }
}
