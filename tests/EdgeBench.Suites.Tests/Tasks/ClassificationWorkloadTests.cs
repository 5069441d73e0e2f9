using EdgeBench.Core.Metrics;
using EdgeBench.Core.Problems;
using EdgeBench.Core.Trials;
using EdgeBench.Suites.Tasks.Classification;
using EdgeBench.Testing;
using EdgeBench.Testing.Fakes;

namespace EdgeBench.Suites.Tests.Tasks;

public sealed class ClassificationWorkloadTests : IDisposable
{
    private static readonly ClassificationWorkload s_workload = new();

    // After a blank 'p' is likelier than 'n'.
    private static readonly Dictionary<(char, char), double> s_weights = new() { [(' ', 'p')] = 4, [(' ', 'n')] = 2 };

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("{\"text\":\"a\",\"label\":\"neg\"}\n{\"prompt\":\"b\",\"label\":\"pos\"}", "{}", "neg, pos", new[] { 0, 1 }, new[] { 1, 1 })]
    [InlineData("{\"text\":\"a\",\"label\":1}\n{\"text\":\"b\",\"label\":0}", """{ "labels": ["neg", "pos"] }""", "neg, pos", new[] { 1, 0 }, new[] { 1, 1 })]
    [InlineData("{\"text\":\"a\",\"label\":\"pos\"}\n{\"text\":\"b\",\"label\":\"neg\"}", """{ "labels": ["neg", "pos"] }""", "neg, pos", new[] { 1, 0 }, new[] { 1, 1 })]
    [InlineData("{\"text\":\"a\",\"label\":5}\n{\"text\":\"b\",\"label\":7}", "{}", "5, 7", new[] { 0, 1 }, new[] { 0, 0 })]
    public void Labels_come_from_the_data_or_are_given(string items, string parameters, string labels, int[] right, int[] predicted)
    {
        RecordingSink sink = Run(items, parameters);
        Assert.Equal(labels, sink.Facts["labels"]);
        Assert.Equal(right.Select(label => (double)label), sink.Values(ItemMetrics.Class));
        Assert.Equal(predicted.Select(label => (double)label), sink.Values(ItemMetrics.PredictedClass));
        Assert.Equal(right.Zip(predicted, (a, b) => a == b ? 1.0 : 0.0), sink.Values(ItemMetrics.ClassAccuracy));
    }

    [Fact]
    public void Scores_are_log_likelihoods_after_the_template()
    {
        RecordingSink sink = Run("{\"text\":\"a\",\"label\":\"neg\"}\n{\"text\":\"b\",\"label\":\"pos\"}", """{ "template": "{text} is" }""");
        Assert.Equal([Letters.LogLikelihood(s_weights, 's', " neg"), Letters.LogLikelihood(s_weights, 's', " pos")], sink.Values(ItemMetrics.LogLikelihood)[..2], (a, b) => Math.Abs(a - b) < 1e-6);
    }

    [Fact]
    public void Labels_of_the_whole_file_count_whatever_is_picked()
    {
        string items = string.Concat(Enumerable.Range(0, 30).Select(i => $$"""{"text":"t{{i}}","label":"{{(i % 3 == 0 ? "a" : i % 3 == 1 ? "b" : "c")}}"}""" + "\n"));
        Assert.Equal("a, b, c", Run(items, """{ "limit": 2 }""").Facts["labels"]);
    }

    [Theory]
    [InlineData("{\"text\":\"a\",\"label\":\"x\"}\n{\"text\":\"b\",\"label\":\"x\"}", "{}", "label 'x' on all 2 items; expected items of two classes at least")]
    [InlineData("{\"text\":\"a\",\"label\":\"x\"}\n{\"text\":\"b\",\"label\":\"x\"}\n{\"text\":\"b\",\"label\":\"y\"}", """{ "limit": 2 }""", "label 'x' on all 2 items that 'limit' leaves; expected items of two classes at least. Give a 'seed'")]
    [InlineData("{\"text\":\"a\",\"label\":\"pos\"}\n{\"text\":\"b\",\"label\":\"nge\"}", """{ "labels": ["pos", "neg"] }""", ":2: label 'nge'; expected one of pos, neg, or the place of one from 0 to 1. Did you mean 'neg'?")]
    [InlineData("{\"text\":\"a\",\"label\":0}\n{\"text\":\"b\",\"label\":2}", """{ "labels": ["pos", "neg"] }""", ":2: label '2'")]
    [InlineData("{\"text\":\"a\",\"label\":\"\"}\n{\"text\":\"b\",\"label\":\"y\"}", "{}", ":1: an empty label")]
    [InlineData("{\"text\":\"a\",\"label\":\"x\"}\n{\"txt\":\"b\",\"label\":\"y\"}", "{}", ":2: an item with fields 'txt', 'label'; expected 'text' (or 'prompt') and 'label'")]
    [InlineData("{\"text\":\"a\",\"label\":\"x\"}\n{\"text\":\"b\",\"label\":[\"y\"]}", "{}", ":2: an item with fields 'text', 'label'")]
    public void What_cannot_be_scored_is_told_with_file_and_line(string items, string parameters, string message)
    {
        File.WriteAllText(_folder.File("items.jsonl"), items);
        System.Text.Json.Nodes.JsonObject written = System.Text.Json.Nodes.JsonNode.Parse(parameters)!.AsObject();
        written["data"] = "items.jsonl";
        IReadOnlyList<Problem> problems = s_workload.CheckData(Requests.Json(written), new Dictionary<string, string> { ["items.jsonl"] = _folder.File("items.jsonl") });
        Assert.Contains(message, Assert.Single(problems).ToString());
        Assert.Equal(_folder.File("items.jsonl"), problems[0].File);
    }

    [Theory]
    [InlineData("""{ "data": "d", "labels": ["a"] }""", "two labels at least")]
    [InlineData("""{ "data": "d", "labels": ["a", "a"] }""", "label 'a' twice")]
    [InlineData("""{ "data": "d", "labels": ["a", " "] }""", "an empty label")]
    public void Labels_that_mean_nothing_are_told(string parameters, string message) =>
        Assert.Contains(message, Assert.Throws<EdgeBenchException>(() => s_workload.Tests(System.Text.Json.JsonDocument.Parse(parameters).RootElement)).Message);

    private RecordingSink Run(string items, string parameters)
    {
        File.WriteAllText(_folder.File("items.jsonl"), items);
        System.Text.Json.Nodes.JsonObject written = System.Text.Json.Nodes.JsonNode.Parse(parameters)!.AsObject();
        written["data"] = "items.jsonl";
        RecordingSink sink = new();
        s_workload.Run(Requests.Context(Letters.Session(s_weights), sink, written, data: new Dictionary<string, DataFile> { ["items.jsonl"] = new(_folder.File("items.jsonl"), "") }));
        Assert.All(s_workload.Metrics(Requests.Json(written)), metric => Assert.Contains(metric.Source, sink.Series.Keys));
        return sink;
    }
}
