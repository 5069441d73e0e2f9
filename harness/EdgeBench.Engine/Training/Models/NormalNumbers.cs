using EdgeBench.Core.Numbers;

namespace EdgeBench.Engine.Training.Models;

/// <summary>Normal random numbers from a seed, the same on every machine. Source: G. Box, M. Muller, 1958, over <see cref="SplitMix64"/>.</summary>
public sealed class NormalNumbers(ulong seed)
{
    private SplitMix64 _random = new(seed);

    /// <summary>Numbers of mean 0.</summary>
    public float[] Take(int count, float deviation)
    {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) values[i] = (float)(Math.Sqrt(-2 * Math.Log(1 - _random.NextFraction())) * Math.Cos(2 * Math.PI * _random.NextFraction()) * deviation);
        return values;
    }
}
