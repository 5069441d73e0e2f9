namespace EdgeBench.Core.Numbers;

/// <summary>
/// Random numbers that are the same on every machine and runtime: SplitMix64 (Steele, Lea and Flood, "Fast splittable pseudorandom number generators",
/// OOPSLA 2014).
/// </summary>
public struct SplitMix64(ulong seed)
{
    /// <summary>What the state grows by with each number.</summary>
    public const ulong Step = 0x9E37_79B9_7F4A_7C15;

    private ulong _state = seed;

    /// <summary>64 bits.</summary>
    public ulong Next()
    {
        _state += Step;
        return Mix(_state);
    }

    /// <summary>53 bits, from 0 to less than 1.</summary>
    public double NextFraction() => (Next() >> 11) * (1.0 / (1L << 53));

    /// <summary>From 0 to <paramref name="count"/> - 1: the high half of a product (bias below count / 2^64).</summary>
    public int Next(int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        return (int)Math.BigMul(Next(), (ulong)count, out _);
    }

    /// <summary>The finaliser alone: spreads the bits of any number.</summary>
    public static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
