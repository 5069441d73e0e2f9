using System.Text;
using EdgeBench.Core.Artifacts;
using EdgeBench.Core.Backends;
using EdgeBench.Core.Metrics;
using EdgeBench.Core.Problems;
using EdgeBench.Core.Trials;
using EdgeBench.Core.Workloads;
using EdgeBench.Suites.Perplexity;
using EdgeBench.Testing;
using EdgeBench.Testing.Fakes;

namespace EdgeBench.Suites.Tests.Perplexity;

public sealed class PerplexityWorkloadTests : IDisposable
{
    private static readonly PerplexityWorkload s_workload = new();

    private readonly TemporaryFolder _folder = new();
    private readonly RecordingSink _sink = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_model_that_gives_the_next_token_half_the_probability_has_perplexity_two()
    {
        // Tokens count 0..7 round and round; the next one gets logit ln 7, so p = 7 / (7 + 7).
        static void Half(int token, Span<float> row)
        {
            row.Clear();
            row[(token + 1) % 8] = MathF.Log(7);
        }
        Run(new FakeSession(8, logits: Half), new { data = "d", context = 16, reference = "none" }, Counting(64));
        double[] losses = _sink.Values(MetricRegistry.TokenNll);
        Assert.Equal(4 * 7, losses.Length);
        Assert.Equal(2, Math.Exp(losses.Average()), 6);
    }

    [Fact]
    public void Only_the_second_half_but_one_is_scored_against_the_tokens_that_follow()
    {
        // Each position's loss names the position's own token: the loss of any next token is token / 100.
        static void Named(int token, Span<float> row)
        {
            row.Fill(-1000);
            row[^1] = 0;
            for (int i = 0; i < row.Length - 1; i++) row[i] = -token / 100f;
            row[^1] = MathF.Log(1e8f);
        }
        FakeSession session = new(200, logits: Named);
        Run(session, new { data = "d", context = 8, reference = "none" }, string.Concat(Enumerable.Range(1, 20).Select(i => (char)i)));
        double[] losses = _sink.Values(MetricRegistry.TokenNll);
        // Windows 1..8 and 9..16: positions 4, 5, 6 hold tokens 5, 6, 7 and 13, 14, 15.
        double floor = losses[0] - 0.05;
        Assert.Equal([0.05, 0.06, 0.07, 0.13, 0.14, 0.15], losses.Select(loss => Math.Round(loss - floor, 4)));
        Assert.Equal([0, 0, 0, 1, 1, 1], _sink.Series["token_nll"].Select(reading => reading.Repetition));
        Assert.Equal("4 of 20", _sink.Facts["tokens_left_over"]);
        Assert.Equal("6", _sink.Facts["tokens_scored"]);
    }

    [Fact]
    public void BOS_replaces_the_first_token_of_each_window()
    {
        List<int> seen = [];
        Run(new FakeSession(8, bos: 6) { Seen = seen }, new { data = "d", context = 8, reference = "none" }, Counting(16));
        Assert.Equal([6, 1, 2, 3, 4, 5, 6, 7, 6, 1, 2, 3, 4, 5, 6, 7], seen);
        Assert.Contains("BOS (6) replaces", _sink.Facts["window_rule"]);
    }

    [Fact]
    public void A_long_window_is_taken_in_pieces_and_scores_the_same_positions()
    {
        FakeSession session = new(8, trainedContext: 4096);
        Run(session, new { data = "d", context = 1200, score = "all", reference = "none" }, Counting(2400));
        Assert.Equal(2 * 1199, _sink.Values(MetricRegistry.TokenNll).Length);
        Assert.Equal([256, 256, 256, 256, 176], session.Calls.ToArray().Where(call => call.Tokens > 0).Take(5).Select(call => call.Tokens));
    }

    [Fact]
    public void Against_a_reference_losses_subtract_and_the_divergence_is_the_one_worked_out_by_hand()
    {
        // Reference: next token 3/4 of the rest of two; artifact: uniform over two tokens.
        static void Sure(int token, Span<float> row)
        {
            row.Clear();
            row[(token + 1) % 2] = MathF.Log(3);
        }
        FakeSession reference = new(2, logits: Sure), artifact = new(2, logits: static (_, row) => row.Clear());
        Run(artifact, new { data = "d", context = 8 }, Counting(32, 2), "r", () => reference);
        Assert.All(_sink.Values(MetricRegistry.TokenNllDelta), delta => Assert.Equal(Math.Log(2) - Math.Log(4.0 / 3), delta, 6));
        Assert.All(_sink.Values(MetricRegistry.TokenKl), kl => Assert.Equal(0.25 * Math.Log(0.5) + 0.75 * Math.Log(1.5), kl, 6));
        // A uniform artifact's best token is token 0; the reference's is 0 after every 1. Positions 4, 5, 6 hold tokens 0, 1, 0.
        Assert.Equal([0, 1, 0], _sink.Values(MetricRegistry.TokenTop1)[..3]);
        Assert.True(reference.Disposed);
        Assert.False(artifact.Disposed);
    }

    [Fact]
    public void An_artifact_equal_to_its_reference_is_loaded_once_and_says_so()
    {
        Run(new FakeSession(), new { data = "d", context = 8 }, Counting(16), "a");
        Assert.All(_sink.Values(MetricRegistry.TokenKl), kl => Assert.Equal(0, kl));
        Assert.StartsWith("the artifact is its own reference", _sink.Facts["reference"]);
        Assert.Equal(_sink.Values(MetricRegistry.TokenNll).Length, _sink.Values(MetricRegistry.TokenTop1).Length);
    }

    // A pass that leaves an adapter apart may leave the weights as they were: the file alone would say that nothing changed.
    [Fact]
    public void The_references_own_file_with_an_adapter_beside_it_is_compared()
    {
        FakeSession reference = new();
        Run(new FakeSession(), new { data = "d", context = 8 }, Counting(16), "a", () => reference, [new("adapter.gguf", 1, "b")]);
        Assert.True(reference.Disposed);
        Assert.DoesNotContain("reference", _sink.Facts.Keys);
    }

    [Fact]
    public void A_trial_holds_the_series_behind_the_metrics_that_it_promises()
    {
        Run(new FakeSession(), new { data = "d", context = 8 }, Counting(16), "r", () => new FakeSession());
        Assert.Equal(s_workload.Metrics(Requests.Json(new { data = "d" })).Select(metric => metric.Source).Order(), _sink.Series.Keys.Order());
    }

    [Fact]
    public void The_context_is_capped_at_what_the_model_was_trained_for()
    {
        Run(new FakeSession(8, trainedContext: 16), new { data = "d", context = 512, reference = "none" }, Counting(40));
        Assert.Equal("512 asked, the model was trained for 16", _sink.Facts["context_capped"]);
        Assert.Equal(2 * 7, _sink.Values(MetricRegistry.TokenNll).Length);
    }

    [Fact]
    public void A_missing_reference_is_no_silent_skip() =>
        Assert.Equal(FailureKind.MissingArtifact, Fails(new FakeSession(), new { data = "d", context = 8 }).Failure.Kind);

    [Fact]
    public void A_reference_with_other_tokens_is_refused() =>
        Assert.Contains("8 tokens, its reference 9", Fails(new FakeSession(), new { data = "d", context = 8 }, "r", () => new FakeSession(9)).Message);

    [Fact]
    public void Logits_that_are_no_numbers_stop_the_trial() =>
        Assert.Contains("not finite", Fails(new FakeSession(logits: static (_, row) => row.Fill(float.NaN)), new { data = "d", context = 8, reference = "none" }).Message);

    [Fact]
    public void A_text_that_is_no_UTF_8_is_refused_with_the_byte()
    {
        System.IO.File.WriteAllBytes(_folder.File("bad"), [.. "né"u8, 0xC3, 0x28]);
        TrialException exception = Assert.Throws<TrialException>(() => TextFile.Read(_folder.File("bad")));
        Assert.Contains("byte 3 ", exception.Message);
    }

    [Fact]
    public void A_byte_order_mark_and_line_ends_stay_as_they_are()
    {
        byte[] bytes = [0xEF, 0xBB, 0xBF, .. "a\r\nb"u8];
        System.IO.File.WriteAllBytes(_folder.File("bom"), bytes);
        Assert.Equal(bytes, Encoding.UTF8.GetBytes(TextFile.Read(_folder.File("bom")).Text));
    }

    [Theory]
    [InlineData("{}", "'data'")]
    [InlineData("""{"data":"x","context":3}""", "'context: 3'")]
    [InlineData("""{"data":"x","chunks":-1}""", "'chunks: -1'")]
    public void Wrong_parameters_are_bad_input(string json, string offender) =>
        Assert.Contains(offender, Assert.Throws<EdgeBenchException>(
            () => s_workload.Needs(System.Text.Json.JsonDocument.Parse(json).RootElement, 1)).Message);

    private static string Counting(int length, int modulus = 8) => string.Concat(Enumerable.Range(0, length).Select(i => (char)(i % modulus)));

    private void Run(IBackendSession session, object parameters, string text, string? reference = null, Func<IBackendSession>? open = null, IReadOnlyList<ArtifactPart>? parts = null)
    {
        string path = _folder.File("text");
        System.IO.File.WriteAllText(path, text);
        WorkloadContext context = Requests.Context(session, _sink, parameters, reference: reference, openReference: open, data: new Dictionary<string, DataFile> { ["d"] = new(path, "not checked here") }, parts: parts);
        s_workload.Run(context);
    }

    private TrialException Fails(IBackendSession session, object parameters, string? reference = null, Func<IBackendSession>? open = null) =>
        Assert.Throws<TrialException>(() => Run(session, parameters, Counting(32), reference, open));
}
