using EdgeBench.Core.Backends;
using EdgeBench.Core.Metrics;
using EdgeBench.Core.Problems;
using EdgeBench.Core.Trials;
using EdgeBench.Suites.Tasks.MultipleChoice;
using EdgeBench.Testing;
using EdgeBench.Testing.Fakes;
using static EdgeBench.Testing.Fakes.FakeSession;

namespace EdgeBench.Suites.Tests.Tasks;

public sealed class MultipleChoiceWorkloadTests : IDisposable
{
    private static readonly MultipleChoiceWorkload s_workload = new();

    // After a blank an 'l' is likely, and after an 'o' another; nothing else is more likely than the rest.
    private static readonly Dictionary<(char, char), double> s_weights = new() { [(' ', 'l')] = 20, [('l', 'o')] = 30, [('o', 'o')] = 10, [(' ', 'x')] = 5 };

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Scores_are_sums_of_log_probabilities_and_those_over_bytes_choose_differently()
    {
        RecordingSink sink = Run(Letters.Session(s_weights), """{"question":"q","choices":["x","looooo"],"gold":1}""");
        double[] scores = sink.Values(ItemMetrics.LogLikelihood);
        // The blank is the continuation's first token; the colon before it says nothing of it.
        Assert.Equal(Letters.LogLikelihood(s_weights, ':', " x"), scores[0], 1e-6);
        Assert.Equal(Letters.LogLikelihood(s_weights, ':', " looooo"), scores[1], 1e-6);
        Assert.True(scores[0] > scores[1] && scores[0] / 1 < scores[1] / 6);
        Assert.Equal((0, 1, 1), (sink.Values(ItemMetrics.Choice)[0], sink.Values(ItemMetrics.NormalisedChoice)[0], sink.Values(ItemMetrics.Answer)[0]));
        Assert.Equal((0, 1), (sink.Values(ItemMetrics.Accuracy)[0], sink.Values(ItemMetrics.NormalisedAccuracy)[0]));
        Assert.Equal([1, 6], sink.Values(ItemMetrics.ChoiceBytes));
    }

    [Fact]
    public void Bytes_are_those_of_UTF8_without_the_blank() =>
        Assert.Equal([2, 3], Run(new FakeSession(Letters.Vocabulary), """{"question":"q","choices":["é","abc"],"gold":1}""").Values(ItemMetrics.ChoiceBytes));

    [Fact]
    public void Of_equal_choices_the_first_is_predicted() =>
        Assert.Equal([0], Run(Letters.Session(s_weights), """{"question":"q","choices":["ab","ba"],"gold":1}""").Values(ItemMetrics.Choice));

    [Fact]
    public void The_context_is_computed_once_for_all_choices()
    {
        List<int> seen = [];
        FakeSession session = Letters.Session(s_weights, seen: seen);
        Run(session, """{"question":"q","choices":["ab","cde","f"],"gold":0}""");
        Assert.Equal("Question: q\nAnswer:" + " a" + " cd" + " ", string.Concat(seen.Select(token => (char)token)));
        Assert.Equal([Kind.Reset, Kind.Evaluate, Kind.Evaluate, Kind.Rewind, Kind.Evaluate, Kind.Rewind, Kind.Evaluate], session.Calls.ToArray().Select(call => call.Kind));
    }

    [Fact]
    public void A_runtime_that_cannot_go_back_gives_the_same_scores()
    {
        const string Items = """{"question":"q","choices":["looo","x","oo"],"gold":0}""";
        Assert.Equal(Run(Letters.Session(s_weights), Items).Values(ItemMetrics.LogLikelihood), Run(Letters.Session(s_weights, rewinds: false), Items).Values(ItemMetrics.LogLikelihood));
    }

    [Fact]
    public void What_is_too_long_loses_its_beginning_as_in_the_harness_and_is_counted()
    {
        // "Question: " + 20 + "\nAnswer:" are 38 tokens; " abcd" adds 5, of which the last is predicted and never read: 42 are read, 30 fit.
        List<int> seen = [];
        RecordingSink sink = Run(Letters.Session(s_weights, seen: seen), $$"""{"question":"{{new string('q', 20)}}","choices":["abcd","x"],"gold":0}""", new { context = 30 });
        Assert.Equal([12], sink.Values(ItemMetrics.TokensCut));
        Assert.Equal("1", sink.Facts["items_cut"]);
        string whole = $"Question: {new string('q', 20)}\nAnswer:";
        Assert.Equal((whole + " abc")[^30..] + (whole + " ")[^30..], string.Concat(seen.Select(token => (char)token)));
        Assert.Equal(Letters.LogLikelihood(s_weights, ':', " abcd"), sink.Values(ItemMetrics.LogLikelihood)[0], 1e-6);
        Assert.Equal("0", Run(Letters.Session(s_weights), """{"question":"q","choices":["a","b"],"gold":0}""").Facts["items_cut"]);
    }

    [Fact]
    public void A_choice_that_no_context_holds_is_refused_before_anything_is_scored()
    {
        FakeSession session = Letters.Session(s_weights);
        TrialException error = Assert.Throws<TrialException>(() => Run(session, $$"""
            {"question":"q","choices":["a","b"],"gold":0}
            {"question":"q","choices":["a","{{new string('b', 30)}}"],"gold":0}
            """, new { context = 20 }));
        Assert.Contains("items.jsonl:2:", error.Message);
        Assert.Contains("has 31 tokens, and the context holds 20", error.Message);
        Assert.Equal(0, session.Calls.Length);
    }

    [Fact]
    public void Blanks_at_the_end_of_a_template_belong_to_the_choice()
    {
        // lm-evaluation-harness, _encode_pair: "Answer: " + "x" is split as "Answer:" + " x".
        RecordingSink sink = Run(Letters.Session(s_weights), """{"question":"q","choices":["x","l"],"gold":0}""", new { template = "{question}: ", delimiter = "" });
        Assert.Equal(Letters.LogLikelihood(s_weights, ':', " x"), sink.Values(ItemMetrics.LogLikelihood)[0], 1e-6);
    }

    [Fact]
    public void Tokens_that_join_context_and_choice_are_split_where_the_context_alone_ends()
    {
        // A tokenizer that joins ":a" to one token, 1: the context alone has two tokens, "q" and ":", the whole has "q", 1, "b"; so the continuation is "b".
        List<int> seen = [];
        FakeSession session = new(Letters.Vocabulary, logits: (_, logits) => logits.Clear()) { Seen = seen, Tokenizer = text => [.. text.Replace(":a", "\u0001", StringComparison.Ordinal).Select(letter => (int)letter)] };
        Run(session, """{"question":"q","choices":["ab","cd"],"gold":0}""", new { template = "{question}:", delimiter = "" });
        Assert.Equal("q:c", string.Concat(seen.Select(token => (char)token)));
        TrialException joined = Assert.Throws<TrialException>(() => Run(session, """{"question":"q","choices":["a","c"],"gold":0}""", new { template = "{question}:", delimiter = "" }));
        Assert.Contains("'a' adds no token", joined.Message);
    }

    [Fact]
    public void BOS_starts_every_item_where_the_model_adds_one()
    {
        List<int> seen = [];
        RecordingSink sink = Run(Letters.Session(s_weights, seen: seen, bos: 2), """{"question":"q","choices":["a","b"],"gold":0}""");
        Assert.Equal(2, seen[0]);
        Assert.Equal(1, seen.Count(token => token == 2));
        Assert.Equal("BOS (2) before each item", sink.Facts["text_start"]);
    }

    [Fact]
    public void Items_keep_their_places_in_the_file_whatever_is_picked()
    {
        string items = string.Join('\n', Enumerable.Range(0, 20).Select(i => $$"""{"question":"q{{i}}","choices":["a","b"],"gold":0}"""));
        Assert.Equal([0, 1, 2], Places(new { limit = 3 }));
        int[] drawn = Places(new { limit = 3, seed = 7 });
        Assert.Equal(3, drawn.Length);
        Assert.NotEqual([0, 1, 2], drawn);

        int[] Places(object parameters) => [.. Run(Letters.Session(s_weights), items, parameters).Series[ItemMetrics.Accuracy.Name].Select(reading => reading.Repetition)];
    }

    [Fact]
    public void A_trial_holds_what_it_promises_and_says_what_it_scored()
    {
        RecordingSink sink = Run(Letters.Session(s_weights), """{"question":"q","choices":["a","b"],"gold":0}""");
        Assert.All(s_workload.Metrics(Requests.Json(new { data = "items.jsonl" })), metric => Assert.Contains(metric.Source, sink.Series.Keys));
        Assert.Equal("1 of 1", sink.Facts["items"]);
        Assert.Matches("^[0-9a-f]{64}$", sink.Facts["text_sha256"]);
    }

    [Fact]
    public void Logits_that_are_no_numbers_end_the_trial()
    {
        FakeSession session = new(Letters.Vocabulary, logits: (_, logits) => logits.Fill(float.NaN)) { Tokenizer = text => [.. text.Select(letter => (int)letter)] };
        Assert.Contains("not finite", Assert.Throws<TrialException>(() => Run(session, """{"question":"q","choices":["a","b"],"gold":0}""")).Message);
    }

    [Theory]
    [InlineData("{}", "without 'data'")]
    [InlineData("""{ "data": "d", "template": "no field" }""", "no field in it")]
    [InlineData("""{ "data": "d", "seed": 3 }""", "without 'limit'")]
    [InlineData("""{ "data": "d", "limit": -1 }""", "'limit: -1'")]
    public void Parameters_that_mean_nothing_are_told(string parameters, string message) =>
        Assert.Contains(message, Assert.Throws<EdgeBenchException>(() => s_workload.Tests(System.Text.Json.JsonDocument.Parse(parameters).RootElement)).Message);

    [Fact]
    public void Data_is_checked_before_a_run()
    {
        File.WriteAllText(_folder.File("items.jsonl"), """{"question":"q","choices":["a","b"],"gold":7}""");
        Problem problem = Assert.Single(s_workload.CheckData(Requests.Json(new { data = "items.jsonl" }), new Dictionary<string, string> { ["items.jsonl"] = _folder.File("items.jsonl") }));
        Assert.Equal((_folder.File("items.jsonl"), 1), (problem.File, problem.Line));
    }

    private RecordingSink Run(IBackendSession session, string items, object? parameters = null)
    {
        File.WriteAllText(_folder.File("items.jsonl"), items);
        System.Text.Json.Nodes.JsonObject written = System.Text.Json.JsonSerializer.SerializeToNode(parameters ?? new { })!.AsObject();
        written["data"] = "items.jsonl";
        RecordingSink sink = new();
        s_workload.Run(Requests.Context(session, sink, written, data: new Dictionary<string, DataFile> { ["items.jsonl"] = new(_folder.File("items.jsonl"), "") }));
        return sink;
    }
}
