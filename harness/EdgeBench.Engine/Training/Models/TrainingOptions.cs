using EdgeBench.Core.Problems;
using EdgeBench.Kernels.Quantisation;

namespace EdgeBench.Engine.Training.Models;

/// <summary>
/// Which weights of a model are trained, and how. Methods that add parameters (<see cref="Lora"/>, <see cref="Adapters"/>, <see cref="BitFit"/>,
/// <see cref="Prompt"/>, <see cref="Prefix"/>) train these and none of the model's own, unless <see cref="Trains"/> says so; they may be combined, but for the last two. What a method adds is loaded where the tensors have it.
/// </summary>
public sealed record TrainingOptions
{
    /// <summary>Whether a weight of the model itself of that name is trained; null trains all, or with a method none.</summary>
    public Func<string, bool>? Trains { get; init; }

    /// <summary>Trains nothing at all, what methods add included, and draws no dropout: for the teacher of a distillation.</summary>
    public bool Frozen { get; init; }

    /// <summary>Branches of low rank beside linear layers; null for none.</summary>
    public LoraOptions? Lora { get; init; }

    /// <summary>Bottlenecks after sub-layers; null for none.</summary>
    public AdapterOptions? Adapters { get; init; }

    /// <summary>Biases of linear layers; null for none.</summary>
    public BitFitOptions? BitFit { get; init; }

    /// <summary>Embeddings before the text, of decoders; null for none.</summary>
    public PromptOptions? Prompt { get; init; }

    /// <summary>Keys and values before the text, of decoders; null for none.</summary>
    public PrefixOptions? Prefix { get; init; }

    /// <summary>The grid that the weight of a linear layer or of the token embedding is rounded to in the forward pass, by its name; null for none.</summary>
    public Func<string, WeightGrid?>? Grid { get; init; }

    /// <summary>Trains the scales of grids too; null takes each time those that the grid's format would.</summary>
    public LearnedScaleOptions? LearnedScales { get; init; }

    /// <summary>Keeps matrices that are neither trained nor rounded to a grid in float16.</summary>
    public bool HalfFrozen { get; init; }

    private bool HasMethod => Lora is not null || Adapters is not null || BitFit is not null || Prompt is not null || Prefix is not null;

    /// <summary>Whether a weight of the model itself is trained.</summary>
    internal bool TrainsOwn(string name) => !Frozen && (Trains?.Invoke(name) ?? !HasMethod);

    /// <summary>Whether the weight may be kept in float16, if it is not trained.</summary>
    internal bool KeepsHalf(string name) => HalfFrozen && Grid?.Invoke(name) is null;

    /// <summary>Throws bad input for options that mean nothing.</summary>
    internal void Check()
    {
        if (Lora is { Rank: < 1 } lora) throw EdgeBenchException.BadInput($"LoRA of rank {lora.Rank}", "at least 1");
        if (Adapters is { Rank: < 1 } adapters) throw EdgeBenchException.BadInput($"adapters of rank {adapters.Rank}", "at least 1");
        if (Adapters is { Attention: false, FeedForward: false }) throw EdgeBenchException.BadInput("adapters after neither attention nor feed-forward", "at least one of the two");
        if (LearnedScales is not null && Grid is null) throw EdgeBenchException.BadInput("learned scales of weights without a grid", "a grid for at least one weight", "Give Grid.");
        if (LearnedScales is { Rate: { } rate } && !(rate > 0 && float.IsFinite(rate))) throw EdgeBenchException.BadInput($"a rate of learned scales of {rate}", "a finite number over 0");
        if (Prompt is { Tokens: < 1 } prompt) throw EdgeBenchException.BadInput($"a prompt of {prompt.Tokens} tokens", "at least 1");
        if (Prefix is { Tokens: < 1 } prefix) throw EdgeBenchException.BadInput($"a prefix of {prefix.Tokens} tokens", "at least 1");
        if (Prompt is not null && Prefix is not null) throw EdgeBenchException.BadInput("a prompt and a prefix", "one of the two: the text's positions begin after it", "Choose one.");
    }
}
