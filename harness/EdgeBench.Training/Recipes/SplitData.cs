using EdgeBench.Suites.Datasets;

namespace EdgeBench.Training.Recipes;

/// <summary>Texts of one source, apart by split.</summary>
/// <param name="Pairs">Whether items have a prompt and a completion; texts that are learnt as they are stand in <see cref="DatasetItem.Answer"/>.</param>
internal sealed record SplitData(string Name, bool Pairs, IReadOnlyList<DatasetItem> Training, IReadOnlyList<DatasetItem> Validation);
