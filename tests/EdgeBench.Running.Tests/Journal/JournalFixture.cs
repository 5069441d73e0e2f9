using System.Text.Json;
using EdgeBench.Core.Cells;
using EdgeBench.Core.Configuration;
using EdgeBench.Core.Trials;
using EdgeBench.Running.Journal;

namespace EdgeBench.Running.Tests.Journal;

/// <summary>Small cells and outcomes for journal tests.</summary>
internal static class JournalFixture
{
    public static JsonElement Empty { get; } = JsonDocument.Parse("{}").RootElement;

    public static JournalCell Cell(string recipe, string key, int trials = 2) => new()
    {
        Key = key,
        Cell = Core.Cells.Cell.Of(
            new ModelSpec { Name = "m", Source = "random:llama-15m" }, new RecipeSpec(recipe, []), new BackendSpec("b", "b", Empty), new DeviceSpec("local"),
            new WorkloadSpec("w", "single-stream", "pp8", 1, Empty)),
        Tier = Tier.Measured,
        PlannedTrials = trials,
        MinSamples = 1,
        MinDuration = 0,
        ExpectedMetrics = ["prefill_tok_s"],
        IsQuality = false,
    };

    public static TrialOutcome Success(string id, params double[] values) => new()
    {
        TrialId = id,
        StartedAt = DateTimeOffset.UnixEpoch,
        Seconds = 1.5,
        Series = [new Series("prefill_tok_s", values, [.. values.Select((_, i) => (double)i)], [.. values.Select((_, i) => i)])],
        Facts = new Dictionary<string, string> { ["version"] = "1" },
    };

    public static TrialOutcome Failure(string id, FailureKind kind) => new()
    {
        TrialId = id,
        StartedAt = DateTimeOffset.UnixEpoch,
        Failure = new TrialFailure(kind, "it broke", "mend it"),
    };

    public static void Begin(RunJournal journal) => journal.Begin("run", "a description", "{}", new Dictionary<string, string> { ["commit"] = "abc" });
}
