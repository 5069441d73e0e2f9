using EdgeBench.Core.Backends;
using EdgeBench.Core.Metrics;
using EdgeBench.Core.Problems;
using EdgeBench.Core.Trials;
using EdgeBench.Suites.Sustained;
using EdgeBench.Testing.Fakes;
using static EdgeBench.Testing.Fakes.FakeSession;

namespace EdgeBench.Suites.Tests.Sustained;

public class SustainedWorkloadTests
{
    // A minute of 40 ms, so that a test of three minutes is over at once.
    private static readonly SustainedWorkload s_short = new(windowSeconds: 0.04);

    [Fact]
    public void Each_minute_has_its_speed_and_the_last_is_held_against_the_first()
    {
        RecordingSink sink = new();
        FakeSession session = new() { PrefillTime = TimeSpan.FromMilliseconds(4), DecodeTime = TimeSpan.FromMilliseconds(2) };
        s_short.Run(Requests.Context(session, sink, new { prompt = 10, generate = 3, minutes = 3 }, new Sampling(1, 1, 0, 60)));
        List<RecordingSink.Reading> minutes = sink.Series["sustained_tok_s"];
        Assert.Equal([0, 1, 2], minutes.Select(minute => minute.Repetition));
        // 13 tokens in at least 4 + 3 × 2 ms.
        Assert.All(minutes, minute => Assert.InRange(minute.Value, 1, 13 / 0.010));
        Assert.Equal(minutes[2].Value / minutes[0].Value, Assert.Single(sink.Values(MetricRegistry.SustainedShare)), 12);
        Assert.True(minutes[1].At - minutes[0].At >= 0.04);
        Assert.True(minutes[2].At - minutes[1].At >= 0.04);
    }

    [Fact]
    public void Every_repetition_tells_its_time_and_tokens_for_the_meters()
    {
        RecordingSink sink = new();
        FakeSession session = new() { PrefillTime = TimeSpan.FromMilliseconds(3) };
        s_short.Run(Requests.Context(session, sink, new { prompt = 10, generate = 3, minutes = 2 }, new Sampling(1, 1, 0, 60)));
        List<RecordingSink.Reading> times = sink.Series["repetition_time"];
        Assert.Equal(Enumerable.Range(0, sink.Repetitions), times.Select(time => time.Repetition));
        Assert.All(times, time => Assert.InRange(time.Value, 3, 10_000));
        Assert.All(sink.Values(MetricRegistry.RepetitionTokens), tokens => Assert.Equal(13, tokens));
        Assert.Equal(times.Count, sink.Values(MetricRegistry.RepetitionTokens).Length);
        // Neither pauses nor fillings lie within a timed part.
        Assert.All(times.Zip(times.Skip(1)), pair => Assert.True(pair.Second.At - (pair.Second.Value / 1e3) >= pair.First.At - 1e-6));
        Assert.True(times[^1].At <= sink.Series["sustained_tok_s"][^1].At);
    }

    [Fact]
    public void Minutes_with_more_repetitions_than_a_trial_can_return_are_refused_after_the_first()
    {
        FakeSession session = new() { PrefillTime = TimeSpan.FromMilliseconds(3) };
        TrialException refused = Assert.Throws<TrialException>(() => s_short.Run(Requests.Context(session, new(), new { prompt = 1, generate = 1, minutes = 33_000 }, new Sampling(0, 1, 0, 60))));
        Assert.Equal(FailureKind.Unsupported, refused.Failure.Kind);
        Assert.Contains("lower 'minutes'", refused.Failure.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public void A_device_that_becomes_slower_shows_it()
    {
        RecordingSink sink = new();
        SlowingSession session = new(new FakeSession(), () => sink.Series.ContainsKey("sustained_tok_s") ? 200 : 2);
        s_short.Run(Requests.Context(session, sink, new { prompt = 1, generate = 1, minutes = 2 }, new Sampling(0, 1, 0, 60)));
        Assert.InRange(Assert.Single(sink.Values(MetricRegistry.SustainedShare)), 0, 0.5);
    }

    [Fact]
    public void No_repetition_is_cut_and_each_starts_in_an_empty_context()
    {
        FakeSession session = new() { PrefillTime = TimeSpan.FromMilliseconds(1) };
        s_short.Run(Requests.Context(session, new(), new { prompt = 5, generate = 2, minutes = 2 }, new Sampling(0, 1, 0, 60)));
        Kind[] kinds = [.. session.Calls.ToArray().Select(call => call.Kind)];
        Assert.All(kinds.Chunk(4), repetition => Assert.Equal([Kind.Reset, Kind.Prefill, Kind.Decode, Kind.Decode], repetition));
    }

    [Fact]
    public void A_repetition_longer_than_a_minute_is_a_minute_of_its_own()
    {
        RecordingSink sink = new();
        FakeSession session = new() { PrefillTime = TimeSpan.FromMilliseconds(50) };
        s_short.Run(Requests.Context(session, sink, new { prompt = 5, generate = 1, minutes = 2 }, new Sampling(0, 1, 0, 60)));
        Assert.Equal(2, sink.Repetitions);
        Assert.Equal(2, sink.Values(MetricRegistry.SustainedRate).Length);
    }

    [Fact]
    public void It_says_how_long_it_works_whatever_the_speed()
    {
        SustainedWorkload workload = new();
        Assert.Equal(600, workload.Cost(Requests.Json(new { }), new Dictionary<string, long>()).Seconds);
        Assert.Equal("pp128+tg64 for 10 min", Assert.Single(workload.Tests(Requests.Json(new { }))).Test);
        Assert.Equal(192, workload.Needs(Requests.Json(new { }), 4).Context);
    }

    [Theory]
    [InlineData("""{"minutes":1}""", "minutes: 1")]
    [InlineData("""{"prompt":0}""", "without a prompt")]
    [InlineData("""{"generate":-1}""", "generate: -1")]
    public void What_cannot_be_sustained_is_refused(string parameters, string words)
    {
        EdgeBenchException refused = Assert.Throws<EdgeBenchException>(() => s_short.Tests(System.Text.Json.JsonDocument.Parse(parameters).RootElement));
        Assert.Contains(words, refused.Message, StringComparison.Ordinal);
    }
}
