using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using EdgeBench.Core.Problems;
using EdgeBench.Training.Loop;
using EdgeBench.Training.Recipes;

namespace EdgeBench.Compression.FineTuning;

/// <summary>What every pass that trains has: data, and how long and how.</summary>
public abstract record FineTuneParameters : TrainingSettings
{
    [Description("What is learnt, and scored before and after.")]
    public IReadOnlyList<DataRecipe> Data { get; init; } = [];

    [Description("Whether prompts are predicted too, not completions alone.")]
    public bool LearnPrompts { get; init; }

    [Description("Tokens of a sequence at most; 0 for 512, or what the model reads. Longer prompts lose their beginning, and are counted."), Range(0, 1 << 20)]
    public int SequenceLength { get; init; }

    /// <summary>Paths that the data name, as written.</summary>
    internal IReadOnlyList<string> DataFiles => [.. Data.SelectMany(TrainingData.Paths).Distinct()];

    /// <summary>Throws <see cref="EdgeBenchException"/> (bad input).</summary>
    private protected void CheckData(string pass)
    {
        if (Data.Count == 0) throw EdgeBenchException.BadInput($"pass '{pass}' without data", "'data' with what shall be learnt", "Give 'data: [{ generate: home }]', or files of your own.");
        foreach (DataRecipe data in Data) TrainingData.Check(data);
    }
}
