using System.CommandLine;
using System.Text.Json;
using EdgeBench.Backends;
using EdgeBench.Core.Cells;
using EdgeBench.Core.Configuration;
using EdgeBench.Core.Metrics;
using EdgeBench.Core.Trials;
using EdgeBench.Devices.Launching;
using EdgeBench.Running.Execution;
using EdgeBench.Running.Journal;
using EdgeBench.Suites;

namespace EdgeBench.Benchmarks.Harness;

/// <summary>
/// <c>observer</c>: the same test by the bare loop over llama.cpp's C API and through agent, trial process, samplers and journal, in turns; the ratio
/// holds both the agreement with llama.cpp and whatever the harness costs while it samples.
/// </summary>
internal static class ObserverCommand
{
    public static Command Create()
    {
        Argument<FileInfo> model = new("model") { Description = "GGUF file." };
        Option<string> tests = new("--tests") { Description = "ppN, tgM or ppN+tgM, separated by commas.", DefaultValueFactory = _ => "pp512,tg64" };
        Option<int> threads = new("--threads") { DefaultValueFactory = _ => 2 };
        Option<int> pairs = new("--pairs") { DefaultValueFactory = _ => 10 };
        Option<int> repetitions = new("--repetitions") { DefaultValueFactory = _ => 5 };
        Command command = new("observer", "Speed through the harness over speed of the bare loop, interleaved.") { model, tests, threads, pairs, repetitions };
        command.SetAction(async (parsed, cancellation) =>
        {
            Environment.SetEnvironmentVariable(AgentProgram.Variable, Programs.Agent);
            foreach (string test in parsed.GetRequiredValue(tests).Split(','))
            {
                await CompareAsync(parsed.GetRequiredValue(model).FullName, test, parsed.GetValue(threads), parsed.GetValue(pairs), parsed.GetValue(repetitions), cancellation);
            }
        });
        return command;
    }

    private static async Task CompareAsync(string model, string test, int threads, int pairs, int repetitions, CancellationToken cancellation)
    {
        Subject subject = Subject.Of(model, test, threads, repetitions);
        string folder = Directory.CreateTempSubdirectory("edgebench-observer-").FullName;
        try
        {
            using RunJournal journal = RunJournal.Open(folder, fresh: true);
            journal.Begin("observer", null, "{}", new Dictionary<string, string>());
            journal.SetPlan([subject.Planned(pairs)], []);
            await using IAgentConnection agent = await LauncherRegistry.For(subject.Cell.Device).StartAsync(subject.Cell.Device, cancellation);
            List<double> ratios = [], overheads = [], bare = [], harness = [];
            for (int pair = 0; pair < pairs; pair++)
            {
                // Alternating which comes first keeps slow drift out of the ratio.
                if (pair % 2 == 0) bare.Add(subject.BareRate());
                TrialOutcome outcome = await agent.RunTrialAsync(subject.Request(), cancellation);
                journal.AddTrial("observer", pair, pair, outcome);
                harness.Add(subject.RateOf(outcome));
                overheads.Add(outcome.OverheadSeconds);
                if (pair % 2 != 0) bare.Add(subject.BareRate());
                ratios.Add(harness[^1] / bare[^1]);
            }
            Console.WriteLine($"{test}, {threads} threads: harness {Median(harness):0.0} tok/s, bare loop {Median(bare):0.0} tok/s, ratio {PairedRatio.Of(ratios)}; "
                + $"start of a trial to its first repetition, load excluded: median {1000 * Median(overheads):0} ms");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static double Median(List<double> values) => PairedRatio.Of(values).Median;

    /// <summary>One test of one file, for both sides.</summary>
    private sealed record Subject(Cell Cell, string Model, string Library, string Test, int Threads, int Repetitions, string Sha256)
    {
        public static Subject Of(string model, string test, int threads, int repetitions)
        {
            var backend = BackendRegistry.Find("llamacpp");
            JsonElement options = HarnessVocabulary.DefaultOptions(backend);
            string library = backend.Probe(options) is { Installed: true, Folder: { } found } ? found
                : throw new InvalidOperationException("llama.cpp is not installed: run 'edgebench backends install llamacpp'.");
            var workload = WorkloadRegistry.Find("single-stream");
            JsonElement parameters = workload.Tests(JsonSerializer.SerializeToElement(new { tests = new[] { test } })).Single().Parameters;
            Cell cell = Cell.Of(new ModelSpec { Name = "model", Source = $"file:{model}" }, new RecipeSpec("stored", []), new BackendSpec("llamacpp", "llamacpp", options),
                new DeviceSpec("local"), new WorkloadSpec(test, workload.Name, test, threads, parameters));
            return new Subject(cell, model, library, test, threads, repetitions, Core.IO.ContentHash.OfFile(model));
        }

        public JournalCell Planned(int trials) => new()
        {
            Key = "observer",
            Cell = Cell,
            Tier = Tier.Measured,
            PlannedTrials = trials,
            MinSamples = 1,
            MinDuration = 0,
            ExpectedMetrics = [],
            IsQuality = false,
        };

        public TrialRequest Request() => new()
        {
            TrialId = Guid.NewGuid().ToString("N"),
            CellId = Cell.Id,
            Backend = Cell.Backend.Type,
            BackendOptions = Cell.Backend.Options,
            Artifact = new ArtifactFile(Model, "gguf", new FileInfo(Model).Length, Sha256),
            Workload = Cell.Workload.Type,
            Parameters = Cell.Workload.Parameters,
            Threads = Threads,
            Sampling = new Sampling(1, Repetitions, 0, 0),
            Limits = new TrialLimits(600, 0),
            Seed = 1,
        };

        public double BareRate()
        {
            using JsonDocument output = JsonDocument.Parse(Programs.BareLoop(Model, Library, Threads, Test, Repetitions).Output);
            return output.RootElement.GetProperty("results")[0].GetProperty("median_tok_s").GetDouble();
        }

        public double RateOf(TrialOutcome outcome)
        {
            if (outcome.Failure is { } failure) throw new InvalidOperationException(failure.Message);
            string metric = (Test.Contains('+') ? MetricRegistry.EndToEndRate : Test.StartsWith("tg", StringComparison.Ordinal) ? MetricRegistry.DecodeRate : MetricRegistry.PrefillRate).Name;
            return Median([.. outcome.Series.Single(series => series.Metric == metric).Values]);
        }
    }
}
