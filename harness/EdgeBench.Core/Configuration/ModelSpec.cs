namespace EdgeBench.Core.Configuration;

/// <summary>A model as configured: where its checkpoint comes from.</summary>
public sealed record ModelSpec
{
    public required string Name { get; init; }

    /// <summary><c>file:path</c>, <c>hf:org/name[@revision]</c>, <c>random:preset</c>, <c>random:</c> with <see cref="Shape"/>, or <c>bundled:name</c>.</summary>
    public required string Source { get; init; }

    /// <summary>Which file of an <c>hf:</c> repository; null takes the only GGUF file.</summary>
    public string? File { get; init; }

    /// <summary>Expected SHA-256 of the checkpoint file; null accepts what the source vouches for.</summary>
    public string? Sha256 { get; init; }

    /// <summary>Architecture of a <c>random:</c> model written out.</summary>
    public TransformerShape? Shape { get; init; }

    /// <summary>Seed of a <c>random:</c> model's weights.</summary>
    public ulong Seed { get; init; } = 1;
}

/// <summary>A decoder-only transformer's dimensions, with the field's names.</summary>
public sealed record TransformerShape
{
    /// <summary>GGUF architecture: <c>llama</c>, <c>qwen2</c>, <c>phi3</c> …</summary>
    public string Architecture { get; init; } = "llama";

    public required int Layers { get; init; }

    /// <summary>Embedding length.</summary>
    public required int Width { get; init; }

    public required int Heads { get; init; }

    /// <summary>Key/value heads; equal to <see cref="Heads"/> without grouped-query attention.</summary>
    public required int KvHeads { get; init; }

    /// <summary>Elements of one head; 0 means width / heads.</summary>
    public int HeadDim { get; init; }

    /// <summary>Feed-forward length.</summary>
    public required int Ffn { get; init; }

    public required int Vocabulary { get; init; }

    /// <summary>Longest context that the model was made for, in tokens.</summary>
    public int Context { get; init; } = 2048;

    public double RopeBase { get; init; } = 10_000;

    public double NormEpsilon { get; init; } = 1e-5;

    /// <summary>Output head shares the token embedding.</summary>
    public bool TiedEmbeddings { get; init; }

    /// <summary>Query, key and value projections have a bias (Qwen2).</summary>
    public bool AttentionBias { get; init; }
}
