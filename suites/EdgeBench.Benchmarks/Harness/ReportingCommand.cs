using System.CommandLine;
using System.Text.Json;
using EdgeBench.Core.Artifacts;
using EdgeBench.Core.Cells;
using EdgeBench.Core.Configuration;
using EdgeBench.Core.Metrics;
using EdgeBench.Core.Trials;
using EdgeBench.Running.Journal;

namespace EdgeBench.Benchmarks.Harness;

/// <summary><c>reporting</c>: a stored run of 5,000 cells with made-up samples, reported by <c>edgebench report</c>.</summary>
internal static class ReportingCommand
{
    private const int Cells = 5000, Trials = 3, Samples = 10, Gaps = 32;

    private static readonly JsonElement s_empty = JsonSerializer.SerializeToElement(new { });

    public static Command Create()
    {
        Command command = new("reporting", "Report a stored run of 5,000 cells: seconds.");
        command.SetAction(_ =>
        {
            string folder = Directory.CreateTempSubdirectory("edgebench-reporting-").FullName;
            try
            {
                Write(folder);
                Console.WriteLine($"{Cells:N0} cells x {Trials} trials x {Samples} repetitions of {Gaps} token gaps; journal {new FileInfo(Path.Combine(folder, RunJournal.FileName)).Length / 1e6:0} MB");
                Console.WriteLine($"all formats: {Programs.EdgeBench("report", folder).Seconds:0.0} s");
                Console.WriteLine($"html: {Programs.EdgeBench("report", folder, "--format", "html").Seconds:0.0} s");
            }
            finally
            {
                Directory.Delete(folder, recursive: true);
            }
        });
        return command;
    }

    private static void Write(string folder)
    {
        using RunJournal journal = RunJournal.Open(folder, fresh: true);
        journal.Begin("reporting", "made-up samples for timing the report", "{}", new Dictionary<string, string>());
        Random random = new(1);
        List<JournalCell> cells = [];
        for (int i = 0; i < Cells; i++)
        {
            string recipe = $"recipe{i % 50}";
            journal.PutArtifact(Artifact(recipe));
            cells.Add(new JournalCell
            {
                Key = $"{i}",
                Cell = Cell.Of(new ModelSpec { Name = $"model{i / 500}", Source = "random:smollm2-135m" }, new RecipeSpec(recipe, []),
                    new BackendSpec("llamacpp", "llamacpp", s_empty), new DeviceSpec("local"), new WorkloadSpec($"w{i / 50 % 10}", "single-stream", "pp128+tg32", 1 + i / 50 % 10, s_empty)),
                ArtifactId = recipe,
                Tier = Tier.Measured,
                PlannedTrials = Trials,
                MinSamples = Samples,
                MinDuration = 0,
                ExpectedMetrics = [MetricRegistry.DecodeRate.Name],
                IsQuality = false,
            });
        }
        journal.SetPlan(cells, []);
        foreach (JournalCell cell in cells)
            for (int trial = 0; trial < Trials; trial++) journal.AddTrial(cell.Key, trial, trial, Outcome(random));
    }

    private static ArtifactDescription Artifact(string id) => new()
    {
        Id = id,
        Format = "gguf",
        Path = "model.gguf",
        Sha256 = id,
        FileBytes = 100_000_000,
        WeightBytes = 99_000_000,
        Parameters = 134_000_000,
        Architecture = "llama",
        Types = [new TypeUsage("Q8_0", 200, 134_000_000, 99_000_000)],
        RandomWeights = true,
    };

    private static TrialOutcome Outcome(Random random)
    {
        Series Of(Metric metric, int perRepetition, double centre)
        {
            int n = Samples * perRepetition;
            return new Series(metric.Name, [.. Enumerable.Range(0, n).Select(_ => centre * (1 + 0.05 * (random.NextDouble() - 0.5)))],
                [.. Enumerable.Range(0, n).Select(i => (double)i / perRepetition)], [.. Enumerable.Range(0, n).Select(i => i / perRepetition)]);
        }
        return new TrialOutcome
        {
            TrialId = Guid.NewGuid().ToString("N"),
            StartedAt = DateTimeOffset.UtcNow,
            Seconds = Samples,
            Series =
            [
                Of(MetricRegistry.PrefillRate, 1, 500), Of(MetricRegistry.DecodeRate, 1, 100), Of(MetricRegistry.Ttft, 1, 250), Of(MetricRegistry.Tpot, 1, 10),
                Of(MetricRegistry.Itl, Gaps, 10), Of(MetricRegistry.EndToEnd, 1, 600),
                Series.Single(MetricRegistry.LoadTime.Name, 100, 1), Series.Single(MetricRegistry.PeakRss.Name, 3e8, 9), Series.Single(MetricRegistry.KvBytes.Name, 5e6, 9),
                Series.Single(MetricRegistry.WeightBytes.Name, 9.9e7, 9), Series.Single(MetricRegistry.FileBytes.Name, 1e8, 9),
            ],
        };
    }
}
