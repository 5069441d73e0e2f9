using EdgeBench.Core.Backends;
using EdgeBench.Core.Metrics;
using EdgeBench.Core.Trials;
using EdgeBench.Suites.SingleStream;
using EdgeBench.Testing.Fakes;
using static EdgeBench.Testing.Fakes.FakeSession;

namespace EdgeBench.Suites.Tests.SingleStream;

public class SingleStreamWorkloadTests
{
    private static readonly SingleStreamWorkload s_workload = new();

    [Fact]
    public void A_repetition_empties_the_context_fills_the_depth_and_starts_each_part_with_BOS()
    {
        FakeSession session = new(vocabulary: 1000, bos: 7);
        s_workload.Run(Requests.Context(session, new(), new { prompt = 5, generate = 2, depth = 3 }, new Sampling(0, 1, 0, 60)));
        Call[] calls = session.Calls.ToArray();
        Assert.Equal([Kind.Reset, Kind.Prefill, Kind.Prefill, Kind.Decode, Kind.Decode], calls.Select(call => call.Kind));
        Assert.Equal([0, 3, 5, 1, 1], calls.Select(call => call.Tokens));
        Assert.Equal([-1, 7, 7, 7], calls[..4].Select(call => call.First));
    }

    [Fact]
    public void Tokens_depend_on_the_seed_alone_and_change_between_repetitions()
    {
        List<int> first = [], second = [];
        foreach (List<int> seen in new[] { first, second })
            s_workload.Run(Requests.Context(new FakeSession(vocabulary: 49152) { Seen = seen }, new(), new { prompt = 50 }, new Sampling(0, 2, 0, 60)));
        Assert.Equal(first, second);
        Assert.Equal(100, first.Count);
        Assert.NotEqual(first[..50], first[50..]);
        Assert.All(first, token => Assert.InRange(token, 0, 49151));
    }

    [Fact]
    public void Warm_up_is_the_prompt_and_one_step_and_is_not_recorded()
    {
        FakeSession session = new();
        RecordingSink sink = new();
        s_workload.Run(Requests.Context(session, sink, new { prompt = 5, generate = 9, depth = 3 }, new Sampling(2, 1, 0, 60)));
        Assert.Equal(2, sink.Warmups);
        Assert.Equal([Kind.Reset, Kind.Prefill, Kind.Decode, Kind.Reset, Kind.Prefill, Kind.Decode, Kind.Reset, Kind.Prefill],
            session.Calls[..8].ToArray().Select(call => call.Kind));
        Assert.Single(sink.Values(MetricRegistry.Ttft));
    }

    [Theory]
    [InlineData("pp4")]
    [InlineData("tg1")]
    [InlineData("tg4")]
    [InlineData("pp4+tg1")]
    [InlineData("pp4+tg4 @ d2")]
    public void A_trial_holds_exactly_the_metrics_that_it_promises_and_when_its_repetitions_ran(string test)
    {
        RecordingSink sink = new();
        var parameters = new { tests = new[] { test } };
        s_workload.Run(Requests.Context(new FakeSession(), sink, parameters));
        Assert.Equal(s_workload.Metrics(Requests.Json(parameters)).Select(metric => metric.Source).Append("repetition_time").Append("repetition_tokens").Order(), sink.Series.Keys.Order());
        Assert.Equal(3, sink.Repetitions);
    }

    [Fact]
    public void Times_add_up_and_gaps_are_counted_from_the_first_output_token()
    {
        RecordingSink sink = new();
        FakeSession session = new() { PrefillTime = TimeSpan.FromMilliseconds(4), DecodeTime = TimeSpan.FromMilliseconds(2) };
        s_workload.Run(Requests.Context(session, sink, new { prompt = 10, generate = 5 }, new Sampling(1, 1, 0, 60)));
        double ttft = sink.Values(MetricRegistry.Ttft)[0], e2e = sink.Values(MetricRegistry.EndToEnd)[0], tpot = sink.Values(MetricRegistry.Tpot)[0];
        double[] gaps = sink.Values(MetricRegistry.Itl);
        Assert.Equal(5, gaps.Length);
        Assert.All(gaps, gap => Assert.True(gap >= 2));
        Assert.True(ttft >= 4);
        Assert.Equal(e2e, ttft + gaps.Sum(), 6);
        Assert.Equal(tpot, gaps.Average(), 9);
        Assert.Equal(sink.Values(MetricRegistry.PrefillRate)[0], 10 / ttft * 1e3, 6);
        Assert.Equal(sink.Values(MetricRegistry.DecodeRate)[0], 5 / gaps.Sum() * 1e3, 6);
        Assert.Equal(sink.Values(MetricRegistry.EndToEndRate)[0], 15 / e2e * 1e3, 6);
        Assert.Equal(sink.Series["itl"].Select(reading => reading.At).Order(), sink.Series["itl"].Select(reading => reading.At));
        Assert.Equal(sink.Series["e2e"][0].At, sink.Series["itl"][^1].At, 9);
        Assert.Equal((e2e, 15), (sink.Values(MetricRegistry.RepetitionTime)[0], sink.Values(MetricRegistry.RepetitionTokens)[0]));
        Assert.Equal(sink.Series["e2e"][0].At, sink.Series["repetition_time"][0].At);
    }

    [Fact]
    public void Without_a_prompt_the_first_step_yields_the_first_token_and_is_no_gap()
    {
        RecordingSink sink = new();
        s_workload.Run(Requests.Context(new FakeSession(), sink, new { generate = 6 }, new Sampling(0, 2, 0, 60)));
        Assert.Equal(10, sink.Values(MetricRegistry.Itl).Length);
    }

    [Fact]
    public void Nothing_is_allocated_between_the_first_and_the_last_timed_call()
    {
        FakeSession session = new();
        s_workload.Run(Requests.Context(session, new(), new { prompt = 8, generate = 64 }, new Sampling(1, 4, 0, 60)));
        Call[] calls = session.Calls.ToArray();
        int[] prompts = [.. Enumerable.Range(0, calls.Length).Where(i => calls[i].Kind == Kind.Prefill)];
        Assert.Equal(5, prompts.Length);
        Assert.All(prompts.Skip(1), at => Assert.Equal(calls[at].AllocatedBefore, calls[at + 64].AllocatedBefore));
    }

    [Theory]
    [InlineData(3, 0, 60, 1, 0.5, false)]
    [InlineData(3, 0, 60, 3, 0.0, true)]
    [InlineData(3, 2, 60, 9, 1.9, false)]
    [InlineData(3, 2, 60, 3, 2.0, true)]
    [InlineData(3, 2, 1, 3, 1.0, true)]
    [InlineData(3, 2, 1, 2, 1.0, true)]
    [InlineData(3, 2, 1, 2, 0.9, false)]
    [InlineData(3, 2, 1, 0, 500, false)]
    [InlineData(0, 0, 0, 0, 0, false)]
    public void Sampling_stops_with_enough_samples_and_time(int least, double minimum, double maximum, int samples, double seconds, bool enough) =>
        Assert.Equal(enough, new StopRule(new Sampling(0, least, minimum, maximum)).Enough(samples, seconds));

    [Fact]
    public void More_readings_than_a_trial_can_return_are_refused_before_the_first_repetition()
    {
        FakeSession session = new();
        TrialException refusal = Assert.Throws<TrialException>(
            () => s_workload.Run(Requests.Context(session, new(), new { generate = 128 }, new Sampling(1, 40_000, 0, 60))));
        Assert.Contains("40000 repetitions of tg128 exceed the 4194304 readings", refusal.Message);
        Assert.True(session.Calls.IsEmpty);
    }

    [Fact]
    public void Sampling_ends_after_the_maximum_time_with_too_few_samples()
    {
        RecordingSink sink = new();
        s_workload.Run(Requests.Context(new FakeSession { PrefillTime = TimeSpan.FromMilliseconds(20) }, sink, new { prompt = 4 }, new Sampling(0, 1000, 0, 0.1)));
        Assert.InRange(sink.Repetitions, 1, 6);
    }

    [Fact]
    public void Sampling_goes_on_for_the_minimum_time()
    {
        RecordingSink sink = new();
        s_workload.Run(Requests.Context(new FakeSession { PrefillTime = TimeSpan.FromMilliseconds(50) }, sink, new { prompt = 4 }, new Sampling(0, 2, 0.5, 60)));
        // Two are the minimum count; a busy machine may take three times as long for each.
        Assert.InRange(sink.Repetitions, 3, 10);
    }

    [Fact]
    public void A_context_beyond_training_is_stated()
    {
        RecordingSink sink = new();
        s_workload.Run(Requests.Context(new FakeSession(trainedContext: 16), sink, new { prompt = 10, generate = 7 }));
        Assert.StartsWith("17 tokens, trained for 16", sink.Facts["context_beyond_training"]);
    }
}
