namespace EdgeBench.Suites;

/// <summary>
/// Random numbers that are the same on every machine and runtime: SplitMix64 (Steele, Lea and Flood, "Fast splittable pseudorandom number generators",
/// OOPSLA 2014).
/// </summary>
internal struct SplitMix64(ulong seed)
{
    private ulong _state = seed;

    public ulong Next()
    {
        _state += 0x9E3779B97F4A7C15;
        return Mix(_state);
    }

    /// <summary>From 0 to <paramref name="count"/> - 1: the high half of a product (bias below count / 2^64).</summary>
    public int Next(int count) => (int)Math.BigMul(Next(), (ulong)count, out _);

    /// <summary>The finaliser alone: spreads the bits of any number.</summary>
    public static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
