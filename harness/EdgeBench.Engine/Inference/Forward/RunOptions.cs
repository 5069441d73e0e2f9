using EdgeBench.Kernels.Transformer;

namespace EdgeBench.Engine.Inference.Forward;

/// <summary>What a run reserves memory for.</summary>
public sealed record RunOptions
{
    /// <summary>Positions of each sequence's text.</summary>
    public required int Context { get; init; }

    /// <summary>Most tokens that are computed at once.</summary>
    public int Ubatch { get; init; } = 512;

    /// <summary>Sequences with keys and values of their own.</summary>
    public int Sequences { get; init; } = 1;

    public KvFormat Keys { get; init; } = KvFormat.F16;

    public KvFormat Values { get; init; } = KvFormat.F16;

    /// <summary>Most rows of logits that are in memory at once.</summary>
    public int LogitRows { get; init; } = 1;

    /// <summary>What its adapters take in memory.</summary>
    public long AdapterBytes { get; init; }

    /// <summary>Positions before those of each text, which a soft prompt or a prefix takes.</summary>
    public int VirtualTokens { get; init; }

    /// <summary>Positions of a sequence with those before its text.</summary>
    public int Positions => checked(Context + VirtualTokens);
}
