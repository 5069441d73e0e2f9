using System.Text.Json;
using EdgeBench.Backends;
using EdgeBench.Core.Runs;
using EdgeBench.Running.Execution;
using EdgeBench.Running.Journal;
using EdgeBench.Testing;

namespace EdgeBench.Cli.Tests;

/// <summary>Whole runs of tasks of items: every backend scores the same items alike, and the report compares artifacts on them.</summary>
public class TaskRunTests
{
    private const string Bench = """
        name: tasks
        models: { m: "file:MODEL" }
        recipes: { f16: [], q4_0: [ { ptq: { weights: q4_0 } } ] }
        backends: [BACKENDS]
        workloads:
          choose: { task: multiple-choice, data: choose.jsonl, template: "{question}" }
          write: { task: exact-match, data: write.jsonl, generate: 24, stop: " named" }
          name: { task: classification, data: name.jsonl, template: "{text} The animal was a" }
        measure: { sessions: 1, seed: 1 }
        """;

    private static readonly string[] s_animals = ["dog", "cat", "bird", "bear"];

    [Fact]
    public async Task Backends_agree_item_by_item_and_artifacts_are_compared_on_the_same_items()
    {
        string[] backends = [.. new[] { "managed", "llamacpp", "onnxruntime" }.Where(name => BackendRegistry.Find(name).Probe(HarnessVocabulary.DefaultOptions(BackendRegistry.Find(name))).Installed)];
        using CommandLine line = new();
        WriteData(line);
        line.Write("bench.yaml", Bench.Replace("MODEL", RepositoryFiles.Shared("models/stories260k/stories260K-F16.gguf"), StringComparison.Ordinal).Replace("BACKENDS", string.Join(", ", backends), StringComparison.Ordinal));
        CommandResult run = await line.RunAsync("run");
        Assert.True(run.ExitCode == 0, run.Output + run.Error);
        StoredRun stored = RunJournal.ReadOnly(Path.Combine(line.Folder, "runs", "tasks", RunJournal.FileName));

        Assert.All(stored.Cells, cell => Assert.Equal(cell.Recipe == "f16", cell.IsUncompressed));
        foreach (string backend in backends)
        {
            Near(Series("managed", "choose", "choice_log_likelihood"), Series(backend, "choose", "choice_log_likelihood"));
            Near(Series("managed", "name", "choice_log_likelihood"), Series(backend, "name", "choice_log_likelihood"));
            Assert.Equal(Series("managed", "choose", "item_acc"), Series(backend, "choose", "item_acc"));
            Assert.Equal(Series("managed", "write", "generated_token"), Series(backend, "write", "generated_token"));
        }
        // A model of stories knows how they begin.
        Assert.True(Series("managed", "choose", "item_acc").Average() > 0.75);
        Assert.Equal(1, Series("managed", "write", "item_exact_match")[0]);

        string report = await File.ReadAllTextAsync(line["runs/tasks/report.md"], TestContext.Current.CancellationToken);
        Assert.Contains("### choose, item by item, against f16", report, StringComparison.Ordinal);
        Assert.Contains("macro F1", report, StringComparison.Ordinal);
        Assert.Contains("item by item", await File.ReadAllTextAsync(line["runs/tasks/report.html"], TestContext.Current.CancellationToken), StringComparison.OrdinalIgnoreCase);
        // acc, acc_norm, exact match, accuracy, macro F1 of q4_0 on each backend.
        Assert.Equal(1 + (5 * backends.Length), (await File.ReadAllLinesAsync(line["runs/tasks/comparisons.csv"], TestContext.Current.CancellationToken)).Length);

        double[] Series(string backend, string workload, string metric) =>
            stored.Cells.Single(cell => cell.Backend == backend && cell.Workload == workload && cell.Recipe == "f16").Trials.Single().Outcome.Series.Single(series => series.Metric == metric).Values;
    }

    [Theory]
    [InlineData("choose.jsonl", """{"question":"q","choices":["a","b"],"answer":5}""", "choose.jsonl:2: workloads.choose.data: answer '5', which is none of the item's 2 choices")]
    [InlineData("choose.jsonl", "question;choices", "choose.jsonl:2:1: workloads.choose.data: no JSON")]
    [InlineData("write.jsonl", """{"prompt":"q"}""", "write.jsonl:2: workloads.write.data: an item with fields 'prompt'; expected 'prompt' and 'completion'")]
    [InlineData("name.jsonl", """{"text":"q","label":""}""", "name.jsonl:2: workloads.name.data: an empty label")]
    public async Task Data_that_cannot_be_scored_is_told_by_validate_with_file_and_line(string file, string item, string message)
    {
        using CommandLine line = new();
        WriteData(line);
        line.Write("bench.yaml", Bench.Replace("MODEL", RepositoryFiles.Shared("models/stories260k/stories260K-F16.gguf"), StringComparison.Ordinal).Replace("BACKENDS", "managed", StringComparison.Ordinal));
        string[] items = await File.ReadAllLinesAsync(line[file], TestContext.Current.CancellationToken);
        await File.WriteAllLinesAsync(line[file], [items[0], item, .. items[1..]], TestContext.Current.CancellationToken);
        foreach (string command in (string[])["validate", "run"])
        {
            CommandResult result = await line.RunAsync(command);
            Assert.Equal(2, result.ExitCode);
            Assert.Contains(message, result.Output + result.Error, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task An_empty_file_and_a_single_class_are_told_by_validate()
    {
        using CommandLine line = new();
        WriteData(line);
        line.Write("bench.yaml", Bench.Replace("MODEL", RepositoryFiles.Shared("models/stories260k/stories260K-F16.gguf"), StringComparison.Ordinal).Replace("BACKENDS", "managed", StringComparison.Ordinal));
        line.Write("choose.jsonl", "\n");
        line.Write("name.jsonl", """{"text":"q","label":"dog"}""");
        CommandResult result = await line.RunAsync("validate");
        Assert.Equal(2, result.ExitCode);
        Assert.Contains("a file without items", result.Output + result.Error, StringComparison.Ordinal);
        Assert.Contains("label 'dog' on all 1 items", result.Output + result.Error, StringComparison.Ordinal);
    }

    private static void WriteData(CommandLine line)
    {
        string[] names = ["Lily", "Tom", "Ben", "Sue", "Max", "Mia", "Tim", "Sam"];
        line.Write("choose.jsonl", Lines(names.Select((name, i) => (object)new
        {
            question = $"Once upon a time, there was a little girl named {name}. She",
            choices = i % 2 == 0 ? new[] { "loved to play outside.", "qua zip rock vex." } : ["qua zip rock vex.", "loved to play outside."],
            answer = i % 2,
        })));
        line.Write("write.jsonl", Lines([new { prompt = "Once upon a", completion = "time, there was a little girl" }, .. names.Select(name => (object)new { prompt = $"{name} was very", completion = "happy" })]));
        line.Write("name.jsonl", Lines(names.Select((name, i) => (object)new { text = $"{name} had a big {s_animals[i % 4]}.", label = s_animals[i % 4] })));
    }

    private static string Lines(IEnumerable<object> items) => string.Join('\n', items.Select(item => JsonSerializer.Serialize(item)));

    private static void Near(double[] expected, double[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        Assert.All(expected.Zip(actual), pair => Assert.InRange(Math.Abs(pair.First - pair.Second), 0, 0.05));
    }
}
