using EdgeBench.Core.Numbers;

namespace EdgeBench.Suites.SingleStream;

/// <summary>Uniform random token ids from a seed, the same on every machine.</summary>
internal struct RandomTokens(ulong seed, int vocabulary)
{
    private SplitMix64 _random = new(seed);

    public int Next() => _random.Next(vocabulary);

    /// <summary>Fills a prompt as llama-bench does: the token that starts a text first, where the model has one.</summary>
    public void Fill(Span<int> tokens, int? bos)
    {
        for (int i = 0; i < tokens.Length; i++) tokens[i] = Next();
        if (bos is { } first && tokens.Length > 0) tokens[0] = first;
    }
}
