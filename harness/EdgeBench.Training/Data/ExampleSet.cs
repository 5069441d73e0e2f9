namespace EdgeBench.Training.Data;

/// <summary>Sequences of one split.</summary>
/// <param name="Items">In the order of the data.</param>
/// <param name="Cut">Sequences that lost their beginning, because they are longer than the context.</param>
public sealed record ExampleSet(IReadOnlyList<Example> Items, int Cut)
{
    /// <summary>Tokens that are predicted in one pass.</summary>
    public long Targets => Items.Sum(item => (long)item.Tokens.Length - item.FirstTarget);

    /// <summary>Both, one after the other.</summary>
    public static ExampleSet Join(IEnumerable<ExampleSet> sets)
    {
        ExampleSet[] all = [.. sets];
        return new([.. all.SelectMany(set => set.Items)], all.Sum(set => set.Cut));
    }
}
