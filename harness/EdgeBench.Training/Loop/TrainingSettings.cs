using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using EdgeBench.Engine.Training.Optimisers;

namespace EdgeBench.Training.Loop;

/// <summary>What a step of the optimiser is.</summary>
public enum OptimiserKind
{
    Adamw,
    Sgd,
}

/// <summary>What the best step is chosen by, and early stopping with it.</summary>
public enum SelectionRule
{
    /// <summary>Least validation loss.</summary>
    Loss,

    /// <summary>Largest share of answers that are exactly right; of equals the least loss.</summary>
    ExactMatch,
}

/// <summary>How long and how a model is trained.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public record TrainingSettings
{
    [Description("Steps of the optimiser; left out, 'epochs' says it."), Range(1, 100_000_000)]
    public int? Steps { get; init; }

    [Description("Passes over the training data, where 'steps' is left out."), Range(0.001, 10_000.0)]
    public double Epochs { get; init; } = 1;

    [Description("Tokens of a batch, padding included."), Range(1, 1 << 24)]
    public int BatchTokens { get; init; } = 2048;

    [Description("Batches whose gradients add up to one step."), Range(1, 1 << 20)]
    public int Accumulate { get; init; } = 1;

    [Description("adamw or sgd (momentum 0.9).")]
    public OptimiserKind Optimiser { get; init; } = OptimiserKind.Adamw;

    [Description("Learning rate at its highest."), Range(1e-9, 100.0)]
    public double Rate { get; init; } = 1e-3;

    [Description("Share of the steps over which the rate rises from zero."), Range(0.0, 1.0)]
    public double WarmUp { get; init; } = 0.02;

    [Description("How the rate falls after that: none, linear or cosine.")]
    public Decay Decay { get; init; } = Decay.Cosine;

    [Description("What the rate ends at, as a share of the highest."), Range(0.0, 1.0)]
    public double FinalRate { get; init; } = 0.05;

    [Description("Decay of matrices that are no embeddings (adamw)."), Range(0.0, 1.0)]
    public double WeightDecay { get; init; } = 0.1;

    [Description("Gradients are scaled down to this norm; 0 leaves them as they are."), Range(0.0, 1e9)]
    public double Clip { get; init; } = 1;

    [Description("Steps between two scores of the validation data; 0 scores at the end only."), Range(0, 100_000_000)]
    public int EvaluateEvery { get; init; }

    [Description("Scores in a row without a better one that end the training; 0 never does."), Range(0, 1_000_000)]
    public int Patience { get; init; }

    [Description("What is better: the least validation loss, or the most answers that are exactly right.")]
    public SelectionRule Select { get; init; } = SelectionRule.Loss;

    [Description("Of first weights, order of the data and dropout.")]
    public ulong Seed { get; init; } = 1;

    [Description("Threads; the same weights come out with any number. 0 takes all processors."), Range(0, 1024)]
    public int Threads { get; init; }

    [Description("Drops activations of a layer and computes them again: less memory, more time, the same weights.")]
    public bool Recompute { get; init; }
}
