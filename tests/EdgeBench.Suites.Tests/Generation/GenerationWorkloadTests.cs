using System.Runtime.InteropServices;
using System.Security.Cryptography;
using EdgeBench.Core.Backends;
using EdgeBench.Core.Metrics;
using EdgeBench.Core.Problems;
using EdgeBench.Core.Trials;
using EdgeBench.Suites.Generation;
using EdgeBench.Testing;
using EdgeBench.Testing.Fakes;
using static EdgeBench.Testing.Fakes.FakeSession;

namespace EdgeBench.Suites.Tests.Generation;

/// <summary>On sessions whose next token is the last one plus 3, modulo 101.</summary>
public sealed class GenerationWorkloadTests : IDisposable
{
    private const int Vocabulary = 101;

    private static readonly GenerationWorkload s_workload = new();

    private readonly TemporaryFolder _folder = new();

    public GenerationWorkloadTests() => File.WriteAllText(_folder.File("text.txt"), new string([.. Enumerable.Range(0, 200).Select(i => (char)('A' + (i % 26)))]));

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_models_own_choice_is_what_is_decoded()
    {
        List<int> seen = [];
        FakeSession session = Session(seen);
        Run(session, new(), new { prompt = 5, generate = 4, prompts = 2 }, new Sampling(0, 3, 0, 60));
        Call[] calls = session.Calls.ToArray();
        Assert.Equal([Kind.Reset, Kind.Prefill, Kind.Decode, Kind.Decode, Kind.Decode], calls[..5].Select(call => call.Kind));
        // The text's letters in fives from its start and its middle, and the first again; after each, three choices: the fourth is not decoded any more.
        int[] first = [.. "ABCDE".Select(Token)], second = [.. "WXYZA".Select(Token)];
        Assert.Equal([.. first, .. After(first, 3), .. second, .. After(second, 3), .. first, .. After(first, 3)], seen);
    }

    [Fact]
    public void BOS_takes_the_place_of_each_prompts_first_token()
    {
        List<int> seen = [];
        RecordingSink sink = new();
        Run(Session(seen, bos: 7), sink, new { prompt = 5, generate = 2, prompts = 2 }, new Sampling(0, 2, 0, 60));
        Assert.Equal([7, 7], new[] { seen[0], seen[6] });
        Assert.Contains("BOS (7)", sink.Facts["prompt_rule"]);
    }

    [Fact]
    public void A_trial_holds_the_metrics_that_it_promises_and_what_was_written()
    {
        RecordingSink sink = new();
        var parameters = new { data = "text.txt", prompt = 5, generate = 6, prompts = 2 };
        Run(Session(), sink, parameters, new Sampling(1, 3, 0, 60));
        Assert.Equal(s_workload.Metrics(Requests.Json(parameters)).Select(metric => metric.Source).Append("repetition_time").Append("repetition_tokens").Order(), sink.Series.Keys.Order());
        Assert.Equal((1, 3), (sink.Warmups, sink.Repetitions));
        Assert.Equal(15, sink.Values(MetricRegistry.Itl).Length);
        // The third repeats the first prompt: two texts are hashed.
        int[] texts = [.. After([.. "ABCDE".Select(Token)], 6), .. After([.. "WXYZA".Select(Token)], 6)];
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(MemoryMarshal.AsBytes<int>(texts))), sink.Facts["generated_sha256"]);
    }

    [Fact]
    public void Times_add_up()
    {
        RecordingSink sink = new();
        FakeSession session = new(Vocabulary, logits: Plus3) { PrefillTime = TimeSpan.FromMilliseconds(4), DecodeTime = TimeSpan.FromMilliseconds(2) };
        Run(session, sink, new { prompt = 10, generate = 6, prompts = 1 }, new Sampling(0, 1, 0, 60));
        double ttft = sink.Values(MetricRegistry.Ttft)[0], e2e = sink.Values(MetricRegistry.EndToEnd)[0], tpot = sink.Values(MetricRegistry.Tpot)[0];
        double[] gaps = sink.Values(MetricRegistry.Itl);
        Assert.True(ttft >= 4);
        Assert.All(gaps, gap => Assert.True(gap >= 2));
        Assert.Equal(e2e, ttft + gaps.Sum(), 6);
        Assert.Equal(tpot, gaps.Average(), 9);
        Assert.Equal(1e3 / tpot, sink.Values(MetricRegistry.GenerationRate)[0], 6);
        Assert.Equal(sink.Series["e2e"][0].At, sink.Series["itl"][^1].At, 9);
        Assert.Equal((e2e, 16), (sink.Values(MetricRegistry.RepetitionTime)[0], sink.Values(MetricRegistry.RepetitionTokens)[0]));
    }

    [Fact]
    public void A_draft_is_compared_with_the_model_alone_on_every_text()
    {
        RecordingSink plain = new(), drafted = new();
        var parameters = new { prompt = 5, generate = 10, prompts = 2 };
        Run(Session(), plain, parameters, new Sampling(1, 4, 0, 60));
        // So long that what a busy machine adds stays small beside it.
        FakeSession model = new(Vocabulary, logits: Plus3) { DecodeTime = TimeSpan.FromMilliseconds(10) };
        Run(new FakeDraftingSession(model, drafted: 4, taken: 2), drafted, parameters, new Sampling(1, 4, 0, 60));
        Assert.Equal(plain.Facts["generated_sha256"], drafted.Facts["generated_sha256"]);
        // Nine tokens after the first, three a step: 2 of 4 guesses twice; the last step can give three and guesses two.
        Assert.Equal(Enumerable.Repeat(6 / 10.0, 4), drafted.Values(MetricRegistry.DraftAccepted));
        Assert.All(drafted.Values(MetricRegistry.DraftSpeedUp), ratio => Assert.InRange(ratio, 0.2, 5));
        double[] gaps = drafted.Values(MetricRegistry.Itl)[..9];
        Assert.Equal([true, false, false, true, false, false, true, false, false], gaps.Select(gap => gap > 0));
        Assert.DoesNotContain(MetricRegistry.DraftAccepted.Name, plain.Series.Keys);
    }

    [Fact]
    public void A_draft_that_changes_the_text_ends_the_trial()
    {
        TrialException error = Assert.Throws<TrialException>(() => Run(new FakeDraftingSession(Session(), 4, 2, wrongAt: 1), new(), new { prompt = 5, generate = 10, prompts = 2 }, new Sampling(0, 2, 0, 60)));
        Assert.Matches(@"With the draft, token 4 of text 0 is \d+; without it the model writes \d+", error.Message);
    }

    [Fact]
    public void A_text_that_is_too_short_is_told() => Assert.Contains("The text has 200 tokens; 3 prompts of 100 take 300",
        Assert.Throws<TrialException>(() => Run(Session(), new(), new { prompt = 100, generate = 4, prompts = 3 }, new Sampling(0, 1, 0, 60))).Message);

    [Fact]
    public void What_it_needs_tells_that_the_text_is_the_models_own()
    {
        SessionNeeds needs = s_workload.Needs(Requests.Json(new { data = "t", prompt = 5, generate = 4 }), 2);
        Assert.Equal((2, 9, true), (needs.Threads, needs.Context, needs.OwnText));
        Assert.All(WorkloadRegistry.All.Where(workload => workload.Name is "single-stream" or "sustained"), workload => Assert.False(workload.Needs(Requests.Json(new { prompt = 5, generate = 4 }), 1).OwnText));
        Assert.Equal("greedy4 after 5", s_workload.Tests(Requests.Json(new { data = "t", prompt = 5, generate = 4 }))[0].Test);
        Assert.Contains("'data'", Assert.Throws<EdgeBenchException>(() => s_workload.Tests(Requests.Json(new { }))).Message);
    }

    private void Run(IBackendSession session, RecordingSink sink, object parameters, Sampling sampling)
    {
        System.Text.Json.Nodes.JsonObject written = System.Text.Json.JsonSerializer.SerializeToNode(parameters)!.AsObject();
        written["data"] = "text.txt";
        s_workload.Run(Requests.Context(session, sink, written, sampling, data: new Dictionary<string, DataFile> { ["text.txt"] = new(_folder.File("text.txt"), "") }));
    }

    private static FakeSession Session(List<int>? seen = null, int? bos = null) => new(Vocabulary, bos: bos, logits: Plus3) { Seen = seen };

    private static void Plus3(int token, Span<float> logits)
    {
        logits.Clear();
        logits[(token + 3) % Vocabulary] = 1;
    }

    private static int Token(char letter) => letter % Vocabulary;

    private static int[] After(int[] prompt, int count) => [.. Enumerable.Range(1, count).Select(i => (prompt[^1] + (3 * i)) % Vocabulary)];
}
