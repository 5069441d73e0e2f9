using EdgeBench.Core.Backends;
using EdgeBench.Core.Metrics;
using EdgeBench.Core.Problems;
using EdgeBench.Core.Trials;
using EdgeBench.Suites.Tasks.ExactMatch;
using EdgeBench.Testing;
using EdgeBench.Testing.Fakes;

namespace EdgeBench.Suites.Tests.Tasks;

/// <summary>On a model that spells: after each letter of the alphabet the next one, after 'e' an end of the text, after 'h' a new line.</summary>
public sealed class ExactMatchWorkloadTests : IDisposable
{
    private static readonly ExactMatchWorkload s_workload = new();

    private static readonly Dictionary<(char, char), double> s_weights = new(
        Enumerable.Range('a', 25).Where(letter => letter is not ('e' or 'h')).Select(letter => new KeyValuePair<(char, char), double>(((char)letter, (char)(letter + 1)), 9)))
    {
        [('e', (char)Letters.End)] = 9,
        [('h', '\n')] = 9,
        [('\n', 'a')] = 9,
        [(' ', 'b')] = 9,
    };

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("a", "bcde", "{}", 1, "bcde\u0003")]
    [InlineData("f", "gh", "{}", 1, "gh\n")]
    [InlineData("f", "gh abc", """{ "stop": "d" }""", 1, "gh\nabcd")]
    [InlineData("i", "jkl", """{ "generate": 3 }""", 1, "jkl")]
    [InlineData("a", "  bcde\t", "{}", 1, "bcde\u0003")]
    [InlineData("a", "BCDE", "{}", 0, "bcde\u0003")]
    [InlineData("a", "BCDE", """{ "ignore_case": true }""", 1, "bcde\u0003")]
    [InlineData("a", "bcd", "{}", 0, "bcde\u0003")]
    public void A_written_text_ends_where_it_should_and_is_compared_as_documented(string prompt, string completion, string parameters, int right, string written)
    {
        RecordingSink sink = Run(Letters.Session(s_weights), [(prompt, completion)], parameters);
        Assert.Equal([right], sink.Values(ItemMetrics.ExactMatch));
        Assert.Equal(written, string.Concat(sink.Values(ItemMetrics.GeneratedToken).Select(token => (char)token)));
        Assert.Equal(right == 0, sink.Facts.ContainsKey("wrong_1"));
    }

    [Fact]
    public void Wrong_texts_are_told_in_words_and_all_are_kept()
    {
        RecordingSink sink = Run(Letters.Session(s_weights), [("a", "x"), ("a", "bcde"), ("f", "y"), ("f", "z"), ("f", "w")], "{}");
        Assert.Equal([0, 1, 0, 0, 0], sink.Values(ItemMetrics.ExactMatch));
        Assert.Equal("line 1: 'bcde' in place of 'x'", sink.Facts["wrong_1"]);
        Assert.Equal("line 4: 'gh' in place of 'z'", sink.Facts["wrong_3"]);
        Assert.DoesNotContain("wrong_4", sink.Facts.Keys);
        Assert.Equal(5, sink.Series[ItemMetrics.GeneratedToken.Name].Select(reading => reading.Repetition).Distinct().Count());
    }

    [Fact]
    public void A_prompt_that_is_too_long_loses_its_beginning_and_is_counted()
    {
        List<int> seen = [];
        RecordingSink sink = Run(Letters.Session(s_weights, seen: seen), [(new string('q', 20) + "a", "bcde"), ("a", "bcde")], """{ "context": 16, "generate": 6 }""");
        Assert.Equal([11, 0], sink.Values(ItemMetrics.TokensCut));
        Assert.Equal("1", sink.Facts["items_cut"]);
        Assert.Equal("qqqqqqqqqa", string.Concat(seen.Take(10).Select(token => (char)token)));
        Assert.Equal([1, 1], sink.Values(ItemMetrics.ExactMatch));
    }

    [Theory]
    [InlineData("""{"prompt":"a"}""", ":1: an item with fields 'prompt'; expected 'prompt' and 'completion'")]
    [InlineData("""{"prompt":"a","completion":" "}""", ":1: an empty completion")]
    [InlineData("""{"prompt":"a","completion":"two\nlines"}""", ":1: a completion that holds the stop text '\\n'")]
    public void What_cannot_be_matched_is_told_with_file_and_line(string items, string message)
    {
        File.WriteAllText(_folder.File("items.jsonl"), items);
        Problem problem = Assert.Single(s_workload.CheckData(Requests.Json(new { data = "items.jsonl" }), new Dictionary<string, string> { ["items.jsonl"] = _folder.File("items.jsonl") }));
        Assert.Contains(message, problem.ToString());
    }

    [Fact]
    public void A_context_without_room_for_a_prompt_is_refused() =>
        Assert.Contains("room for a prompt", Assert.Throws<EdgeBenchException>(() => s_workload.Tests(Requests.Json(new { data = "d", context = 64, generate = 64 }))).Message);

    private RecordingSink Run(IBackendSession session, (string Prompt, string Completion)[] pairs, string parameters)
    {
        File.WriteAllLines(_folder.File("items.jsonl"), pairs.Select(pair => System.Text.Json.JsonSerializer.Serialize(new { prompt = pair.Prompt, completion = pair.Completion })));
        System.Text.Json.Nodes.JsonObject written = System.Text.Json.Nodes.JsonNode.Parse(parameters)!.AsObject();
        written["data"] = "items.jsonl";
        RecordingSink sink = new();
        s_workload.Run(Requests.Context(session, sink, written, data: new Dictionary<string, DataFile> { ["items.jsonl"] = new(_folder.File("items.jsonl"), "") }));
        Assert.All(s_workload.Metrics(Requests.Json(written)), metric => Assert.Contains(metric.Source, sink.Series.Keys));
        return sink;
    }
}
