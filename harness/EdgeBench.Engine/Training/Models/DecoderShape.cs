using EdgeBench.Models.Architectures;

namespace EdgeBench.Engine.Training.Models;

/// <summary>Sizes of a Llama-shaped decoder.</summary>
public sealed record DecoderShape
{
    public required int Vocabulary { get; init; }

    /// <summary>Elements of the residual stream.</summary>
    public required int Width { get; init; }

    public required int Layers { get; init; }

    public required int Heads { get; init; }

    public required int KvHeads { get; init; }

    public required int HeadDim { get; init; }

    public required int Ffn { get; init; }

    /// <summary>Whether the output head is the token embedding.</summary>
    public required bool Tied { get; init; }

    public double NormEpsilon { get; init; } = 1e-5;

    public double RopeBase { get; init; } = 10_000;

    /// <summary>Biases of q, k and v (Qwen 2).</summary>
    public bool QkvBias { get; init; }

    /// <summary>RMS norms of each head of q and k before rotary embedding (Qwen 3).</summary>
    public bool QueryKeyNorm { get; init; }

    /// <summary>That of a model file; row orders stay Hugging Face's. Throws <see cref="NotSupportedException"/> for what this decoder does not compute.</summary>
    public static DecoderShape Of(ModelArchitecture model)
    {
        ArgumentNullException.ThrowIfNull(model);
        string? lacks = model.IsEncoder ? "encoders" : model.FeedForward != FeedForwardKind.SwiGlu ? $"{model.FeedForward}" : model.PostNorms ? "norms after layers"
            : model.SlidingWindow is not null && model.SlidingPattern > 0 ? "sliding windows" : model.AttentionSoftcap is not null || model.LogitSoftcap is not null ? "soft caps"
            : model.FusedProjections ? "fused projections" : model.EmbeddingScale != 1 ? "scaled embeddings" : model.RopeScale != 1 ? "scaled positions"
            : model.RopeDimensions != model.HeadDim ? "partial rotary embedding" : null;
        if (lacks is not null) throw new NotSupportedException($"Training of {model.Name} is not supported: it has {lacks}.");
        return new()
        {
            Vocabulary = model.Vocabulary,
            Width = model.Width,
            Layers = model.Layers,
            Heads = model.Heads,
            KvHeads = model.KvHeads,
            HeadDim = model.HeadDim,
            Ffn = model.Ffn,
            Tied = model.TiedEmbeddings,
            NormEpsilon = model.NormEpsilon,
            RopeBase = model.RopeBase,
            QkvBias = model.Name == "qwen2",
            QueryKeyNorm = model.QueryKeyNorm,
        };
    }
}
