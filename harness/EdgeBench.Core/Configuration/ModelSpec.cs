using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace EdgeBench.Core.Configuration;

/// <summary>A model as configured: where its checkpoint comes from.</summary>
public sealed record ModelSpec
{
    public required string Name { get; init; }

    /// <summary><c>file:path</c>, <c>hf:org/name[@revision]</c>, <c>bundled:name</c>, <c>random:preset</c>, or <c>random:</c> with <see cref="Shape"/>.</summary>
    [Description("file:path, hf:org/name[@revision], bundled:name, random:preset, or random: with a shape.")]
    public required string Source { get; init; }

    /// <summary>Which file of an <c>hf:</c> repository; null takes the only GGUF file.</summary>
    [Description("Which file of an hf: repository; left out, its only GGUF file.")]
    public string? File { get; init; }

    /// <summary>Expected SHA-256 of the checkpoint file; null accepts what the source vouches for.</summary>
    [Description("Expected SHA-256 of the checkpoint file: 64 hexadecimal digits.")]
    public string? Sha256 { get; init; }

    /// <summary>Architecture of a <c>random:</c> model written out.</summary>
    [Description("Architecture of a random: model written out.")]
    public TransformerShape? Shape { get; init; }

    /// <summary>Seed of a <c>random:</c> model's weights.</summary>
    [Description("Seed of a random: model's weights.")]
    public ulong Seed { get; init; } = 1;
}

/// <summary>A decoder-only transformer's dimensions, with the field's names.</summary>
public sealed record TransformerShape
{
    /// <summary>GGUF architecture: <c>llama</c>, <c>qwen2</c>, <c>phi3</c> …</summary>
    [Description("GGUF architecture: llama, qwen2, phi3 …")]
    public string Architecture { get; init; } = "llama";

    [Description("Transformer blocks."), Range(1, 1024)]
    public required int Layers { get; init; }

    /// <summary>Embedding length.</summary>
    [Description("Embedding length."), Range(1, 1 << 20)]
    public required int Width { get; init; }

    [Description("Query heads."), Range(1, 4096)]
    public required int Heads { get; init; }

    /// <summary>Key/value heads; equal to <see cref="Heads"/> without grouped-query attention.</summary>
    [Description("Key/value heads; equal to heads without grouped-query attention."), Range(1, 4096)]
    public required int KvHeads { get; init; }

    /// <summary>Elements of one head; 0 means width / heads.</summary>
    [Description("Elements of one head; 0 means width / heads."), Range(0, 1 << 16)]
    public int HeadDim { get; init; }

    /// <summary>Feed-forward length.</summary>
    [Description("Feed-forward length."), Range(1, 1 << 24)]
    public required int Ffn { get; init; }

    [Description("Tokens of the vocabulary."), Range(1, 1 << 24)]
    public required int Vocabulary { get; init; }

    /// <summary>Longest context that the model was made for, in tokens.</summary>
    [Description("Longest context that the model was made for, in tokens."), Range(1, 1 << 28)]
    public int Context { get; init; } = 2048;

    [Description("Base of the rotary position embedding."), Range(1.0, 1e12)]
    public double RopeBase { get; init; } = 10_000;

    [Description("Epsilon of the RMS norms."), Range(1e-12, 1.0)]
    public double NormEpsilon { get; init; } = 1e-5;

    /// <summary>Output head shares the token embedding.</summary>
    [Description("Output head shares the token embedding.")]
    public bool TiedEmbeddings { get; init; }

    /// <summary>Query, key and value projections have a bias (Qwen2).</summary>
    [Description("Query, key and value projections have a bias (Qwen2).")]
    public bool AttentionBias { get; init; }
}
