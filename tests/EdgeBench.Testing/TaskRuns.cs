using EdgeBench.Core.Artifacts;
using EdgeBench.Core.Runs;
using EdgeBench.Core.Trials;

namespace EdgeBench.Testing;

/// <summary>Runs of tasks of items with outcomes that nobody measured: which items are right is a rule, the same on every machine.</summary>
public static class TaskRuns
{
    private const int Items = 240;

    /// <summary>Three recipes on one backend: multiple choice on two files, exact match, classification; one artifact that changes nothing.</summary>
    public static StoredRun Sample() => StoredRuns.Run("tasks",
    [
        .. new[] { ("fp16", 0), ("int8", 3), ("int4", 40) }.SelectMany(recipe => new[]
        {
            Cell(recipe.Item1, "piqa", "multiple-choice", ["acc", "acc_norm"], Binary("item_acc", 160, recipe.Item2), Binary("item_acc_norm", 170, 0)),
            Cell(recipe.Item1, "arc-easy", "multiple-choice", ["acc", "acc_norm"], Binary("item_acc", 120, recipe.Item2), Binary("item_acc_norm", 110, recipe.Item2 / 2)),
            Cell(recipe.Item1, "commands", "exact-match", ["exact_match"], Binary("item_exact_match", 220, recipe.Item2)),
            Cell(recipe.Item1, "intents", "classification", ["accuracy", "macro_f1"], Binary("item_accuracy", 210, recipe.Item2),
                Series("item_class", item => item % 3), Series("item_class_predicted", item => Right(item, 210, recipe.Item2) ? item % 3 : (item + 1) % 3)),
        }),
    ]);

    /// <summary>As <see cref="Sample"/>, without the uncompressed artifact.</summary>
    public static StoredRun WithoutReference() => Sample() is var run ? run with { Cells = [.. run.Cells.Where(cell => !cell.IsUncompressed)] } : run;

    private static StoredCell Cell(string recipe, string workload, string type, string[] expected, params Series[] series)
    {
        StoredTrial trial = StoredRuns.Trial(0, series);
        StoredCell cell = StoredRuns.SpeedCell();
        return cell with
        {
            Key = $"{recipe}/{workload}",
            Id = $"smollm2-135m/{recipe}/managed/local/{workload}",
            Recipe = recipe,
            Backend = "managed",
            Workload = workload,
            WorkloadType = type,
            Test = type,
            PlannedTrials = 1,
            MinSamples = 1,
            MinDuration = 0,
            ExpectedMetrics = expected,
            IsQuality = true,
            IsUncompressed = recipe == "fp16",
            Artifact = cell.Artifact! with { Id = recipe, WeightBytes = recipe switch { "fp16" => 269_030_016, "int8" => 142_922_196, _ => 75_664_692 }, Readback = [] },
            Trials = [trial with { Outcome = trial.Outcome with { Facts = new Dictionary<string, string> { [TextOrigin.ScoredSha256] = workload, ["items"] = $"{Items} of {Items}" } } }],
        };
    }

    private static Series Binary(string metric, int right, int changed) => Series(metric, item => Right(item, right, changed) ? 1 : 0);

    // Items are walked in a scattered order: the first ones are right; of what changes, two thirds were right before.
    private static bool Right(int item, int right, int changed)
    {
        int place = item * 77 % Items;
        bool before = place < right;
        return place >= right - (changed * 2 / 3) && place < right + (changed / 3) ? !before : before;
    }

    private static Series Series(string metric, Func<int, double> value) =>
        new(metric, [.. Enumerable.Range(0, Items).Select(value)], [.. Enumerable.Range(0, Items).Select(item => 1 + (item / 64.0))], [.. Enumerable.Range(0, Items)]);
}
