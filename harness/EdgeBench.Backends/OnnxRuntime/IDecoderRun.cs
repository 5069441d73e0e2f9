namespace EdgeBench.Backends.OnnxRuntime;

/// <summary>Runs a decoder over some tokens with its cache.</summary>
internal interface IDecoderRun : IDisposable
{
    /// <summary>Bytes of the cache as it is now.</summary>
    long KvBytes { get; }

    /// <summary>How the cache is kept, for the tables.</summary>
    string CacheDescription { get; }

    /// <summary>Whether the cache is one buffer whose positions are written in place, so that a call may go on from any earlier one.</summary>
    bool FixedCache { get; }

    /// <summary>Appends tokens after <paramref name="position"/> earlier ones and computes the logits of those from <paramref name="firstRow"/> on.</summary>
    void Run(ReadOnlySpan<int> tokens, int position, int firstRow);

    /// <summary>Logits of the token with this index in the last call; valid until the next.</summary>
    ReadOnlySpan<float> Row(int index);

    void Reset();
}
