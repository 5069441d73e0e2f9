using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using EdgeBench.Core.Problems;

namespace EdgeBench.Suites.Tasks;

/// <summary>What every task of items has.</summary>
public abstract record TaskParameters
{
    [Description("JSONL file, UTF-8, one item a line; or a JSON array of items.")]
    public string Data { get; init; } = "";

    [Description("Tokens that the context holds, at most what the model was trained for; longer items lose their beginning and are counted."), Range(8, 1 << 20)]
    public int Context { get; init; } = 512;

    [Description("Items to score; 0 scores all."), Range(0, int.MaxValue)]
    public int Limit { get; init; }

    [Description("Draws 'limit' items at random by this seed; 0 takes the first.")]
    public ulong Seed { get; init; }

    /// <summary>Throws <see cref="EdgeBenchException"/>.</summary>
    private protected void Check(string task)
    {
        if (string.IsNullOrEmpty(Data)) throw EdgeBenchException.BadInput($"{task} without 'data'", "the path of a JSONL file", "Give 'data: items.jsonl'.");
        if (Context < 8) throw EdgeBenchException.BadInput($"'context: {Context}'", "8 tokens or more");
        if (Limit < 0) throw EdgeBenchException.BadInput($"'limit: {Limit}'", "0 (all) or more items");
        if (Seed != 0 && Limit == 0) throw EdgeBenchException.BadInput($"'seed: {Seed}' without 'limit'", "how many items are drawn", "Give 'limit', or leave 'seed' out.");
    }
}
