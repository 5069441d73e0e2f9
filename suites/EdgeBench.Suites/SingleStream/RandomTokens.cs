namespace EdgeBench.Suites.SingleStream;

/// <summary>
/// Uniform random token ids from a seed, the same on every machine: SplitMix64 (Steele, Lea and Flood, "Fast splittable pseudorandom number
/// generators", OOPSLA 2014), scaled by the high half of a product (bias below vocabulary / 2^64).
/// </summary>
internal struct RandomTokens(ulong seed, int vocabulary)
{
    private ulong _state = seed;

    public int Next()
    {
        _state += 0x9E3779B97F4A7C15;
        ulong z = _state;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        z ^= z >> 31;
        return (int)Math.BigMul(z, (ulong)vocabulary, out _);
    }

    /// <summary>Fills a prompt as llama-bench does: the token that starts a text first, where the model has one.</summary>
    public void Fill(Span<int> tokens, int? bos)
    {
        for (int i = 0; i < tokens.Length; i++) tokens[i] = Next();
        if (bos is { } first && tokens.Length > 0) tokens[0] = first;
    }
}
