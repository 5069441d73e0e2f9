namespace EdgeBench.Engine.Training.Models;

/// <summary>Normal random numbers from a seed, the same on every machine. Source: G. Box, M. Muller, 1958, over splitmix64 (S. Vigna).</summary>
public sealed class NormalNumbers(ulong seed)
{
    private ulong _state = seed;

    /// <summary>Numbers of mean 0.</summary>
    public float[] Take(int count, float deviation)
    {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) values[i] = (float)(Math.Sqrt(-2 * Math.Log(1 - Uniform())) * Math.Cos(2 * Math.PI * Uniform()) * deviation);
        return values;
    }

    // 53 bits, from 0 to less than 1.
    private double Uniform()
    {
        ulong z = _state += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return ((z ^ (z >> 31)) >> 11) * (1.0 / (1L << 53));
    }
}
