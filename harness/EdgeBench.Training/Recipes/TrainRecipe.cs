using System.ComponentModel;
using System.Text.Json.Serialization;
using EdgeBench.Core.Problems;
using EdgeBench.Models.Folders;
using EdgeBench.Training.Loop;

namespace EdgeBench.Training.Recipes;

/// <summary>What <c>edgebench train</c> does: a model of its own from random weights, or one that goes on from a checkpoint.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record TrainRecipe
{
    [Description("Name of the model and of the run's folder.")]
    public required string Name { get; init; }

    [Description("What it is for.")]
    public string? Description { get; init; }

    [Description("Checkpoint to go on from: file:model.gguf, hf:org/name, bundled:name. Left out, 'model' says what begins with random weights.")]
    public string? Source { get; init; }

    [Description("Sizes of a new model.")]
    public ModelRecipe? Model { get; init; }

    [Description("Tokenizer of a new model, trained on the training data.")]
    public TokenizerRecipe? Tokenizer { get; init; }

    [Description("What is learnt, and scored in between.")]
    public required IReadOnlyList<DataRecipe> Data { get; init; }

    [Description("How long, and how.")]
    public TrainingSettings Training { get; init; } = new();

    [Description("Whether prompts are predicted too, not completions alone.")]
    public bool LearnPrompts { get; init; }

    [Description("Tokens of a sequence at most; 0 for what the model reads. Longer prompts lose their beginning, and are counted.")]
    public int SequenceLength { get; init; }

    [Description("Type that matrices are written in: f32, f16 or bf16.")]
    public WeightType Weights { get; init; } = WeightType.F16;

    /// <summary>Throws <see cref="EdgeBenchException"/> (bad input) where parts contradict each other.</summary>
    public void Check()
    {
        if (Source is null == Model is null) throw Wrong(Source is null ? "neither 'source' nor 'model'" : "'source' and 'model'", "one of them", "Give 'source' to go on from a checkpoint, 'model' to begin with random weights.");
        if (Source is not null && Tokenizer is not null) throw Wrong("'tokenizer' with 'source'", "the checkpoint's own tokenizer", "Leave 'tokenizer' out.");
        if (Data.Count == 0) throw Wrong("'data: []'", "one source of data at least", "Give 'data' a list.");
        if (SequenceLength is < 0 or 1) throw Wrong($"'sequence_length: {SequenceLength}'", "0, or 2 tokens and more", "Leave it out.");
        foreach (DataRecipe data in Data) TrainingData.Check(data);
        if (Data.Select(TrainingData.NameOf).GroupBy(name => name).FirstOrDefault(same => same.Count() > 1) is { } twice)
            throw Wrong($"two sources of data named '{twice.Key}'", "each name once", "Give one of them a 'name'.");
    }

    private static EdgeBenchException Wrong(string offender, string expected, string remedy) => EdgeBenchException.BadInput(offender, expected, remedy);
}
