using System.Diagnostics;
using EdgeBench.Core.Trials;

namespace EdgeBench.Agent.Tests;

public class TrialProcessTests
{
    [Fact]
    public async Task A_good_trial_returns_its_readings_facts_and_conditions()
    {
        TrialOutcome outcome = await Double.RunAsync(Double.Request("measure"));
        Assert.Null(outcome.Failure);
        Series decode = Assert.Single(outcome.Series, series => series.Metric == "decode_tok_s");
        Assert.Equal([0.5, 1.5, 2.5], decode.Values);
        Assert.Equal([0, 1, 2], decode.Repetition);
        Assert.Equal(decode.At.Order(), decode.At);
        Assert.All(decode.At, at => Assert.InRange(at, 0.1, outcome.Seconds));
        Assert.Equal("measure", outcome.Facts["deed"]);
        Assert.Equal("fake 1.0", outcome.Facts["library"]);
        Assert.EndsWith("tiered compilation off", outcome.Facts["runner"], StringComparison.Ordinal);
        Assert.Equal(["flash attention"], outcome.NotApplied);
        Assert.Empty(outcome.Warnings);
        Assert.InRange(outcome.Conditions["other_cpu_share"], 0, 1);
        Assert.Equal([4096], Assert.Single(outcome.Series, series => series.Metric == "kv_bytes").Values);
        Assert.Equal([100], Assert.Single(outcome.Series, series => series.Metric == "load_time").Values);
        double resident = Assert.Single(outcome.Series, series => series.Metric == "peak_rss").Values.Single();
        Assert.InRange(resident, 10e6, 500e6);
        Assert.All(Assert.Single(outcome.Series, series => series.Metric == "peak_pss").Values, pss => Assert.InRange(pss, 1e6, resident));
    }

    [Fact]
    public async Task Overhead_leaves_the_model_load_out()
    {
        TrialOutcome outcome = await Double.RunAsync(Double.Request("measure"));
        double first = outcome.Series.Single(series => series.Metric == "decode_tok_s").At[0];
        // The fake takes 0.1 s to load.
        Assert.InRange(outcome.OverheadSeconds, 0.01, first - 0.09);
    }

    [Fact]
    public async Task Overhead_holds_all_of_opening_but_the_load()
    {
        // Opening takes 0.4 s, of which the fake says that 0.1 s were the load.
        TrialOutcome outcome = await Double.RunAsync(Double.Request("measure", options: """{"slow_library": 1}"""));
        double first = outcome.Series.Single(series => series.Metric == "decode_tok_s").At[0];
        Assert.InRange(outcome.OverheadSeconds, first - 0.3, first - 0.1);
    }

    [Fact]
    public async Task A_cache_of_unknown_size_has_no_figure_and_a_warning()
    {
        TrialOutcome outcome = await Double.RunAsync(Double.Request("measure", options: """{"hide_cache": 1}"""));
        Assert.Null(outcome.Failure);
        Assert.DoesNotContain(outcome.Series, series => series.Metric == "kv_bytes");
        Assert.Contains("kv_bytes is not reported", Assert.Single(outcome.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Peaks_that_would_include_the_reference_are_not_reported()
    {
        TrialOutcome outcome = await Double.RunAsync(Double.Request("measure both"));
        Assert.Null(outcome.Failure);
        Assert.DoesNotContain(outcome.Series, series => series.Metric is "peak_rss" or "peak_pss");
        Assert.Contains("reference", outcome.Facts["memory"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Readings_beyond_one_line_arrive_whole_and_in_order()
    {
        TrialOutcome outcome = await Double.RunAsync(Double.Request("measure much"));
        double[] values = outcome.Series.Single(series => series.Metric == "decode_tok_s").Values;
        Assert.Equal(Enumerable.Range(0, 100_000).Select(i => i + 0.5), values);
    }

    [Theory]
    [InlineData("print and measure")]
    [InlineData("flood and measure")]
    public async Task A_chatty_library_harms_nothing(string deed)
    {
        TrialOutcome outcome = await Double.RunAsync(Double.Request(deed));
        Assert.Null(outcome.Failure);
        Assert.Equal(3, outcome.Series.Single(series => series.Metric == "decode_tok_s").Values.Length);
    }

    [Theory]
    [InlineData("throw", FailureKind.Crash, "InvalidOperationException in the trial's process: the fake broke")]
    [InlineData("refuse", FailureKind.Unsupported, "context of 32 is too short")]
    [InlineData("segfault", FailureKind.Crash, "killed by signal 11 (SIGSEGV)")]
    [InlineData("abort", FailureKind.Crash, "killed by signal 6 (SIGABRT); its last words: GGML_ASSERT(fake) failed")]
    [InlineData("illegal instruction", FailureKind.Crash, "killed by signal 4 (SIGILL)")]
    [InlineData("kill itself", FailureKind.Crash, "killed by signal 9 (SIGKILL)")]
    [InlineData("exit silently", FailureKind.Protocol, "ended without an outcome")]
    [InlineData("exit 3", FailureKind.Crash, "exit code 3")]
    public async Task What_ends_a_trial_badly_is_typed(string deed, FailureKind kind, string words)
    {
        TrialOutcome outcome = await Double.RunAsync(Double.Request(deed));
        Assert.Equal(kind, outcome.Failure?.Kind);
        Assert.Contains(words, outcome.Failure!.Message, StringComparison.Ordinal);
        Assert.Empty(outcome.Series);
    }

    [Theory]
    [InlineData("hang")]
    [InlineData("spin")]
    [InlineData("hang with a child")]
    public async Task A_hang_ends_soon_after_its_time_limit_and_leaves_nothing(string deed)
    {
        Stopwatch watch = Stopwatch.StartNew();
        TrialOutcome outcome = await Double.RunAsync(Double.Request(deed, seconds: 1));
        Assert.Equal(FailureKind.Hang, outcome.Failure?.Kind);
        Assert.InRange(watch.Elapsed.TotalSeconds, 1, 3.5);
    }

    [Fact]
    public async Task A_trial_over_its_memory_limit_is_killed()
    {
        TrialOutcome outcome = await Double.RunAsync(Double.Request("eat memory", memory: 300L << 20));
        Assert.Equal(FailureKind.OutOfMemory, outcome.Failure?.Kind);
        Assert.Contains("limit of 300 MiB", outcome.Failure!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_refusal_before_loading_is_the_outcome()
    {
        TrialOutcome outcome = await Double.RunAsync(Double.Request("measure", options: """{"refuse": 1}"""));
        Assert.Equal(new TrialFailure(FailureKind.Unsupported, "no such tensor type"), outcome.Failure);
    }

    [Fact]
    public async Task A_fall_after_the_outcome_keeps_the_measurement_and_warns()
    {
        TrialOutcome outcome = await Double.RunAsync(Double.Request("measure", options: """{"fall_at_end": 1}"""));
        Assert.Null(outcome.Failure);
        Assert.Contains(outcome.Warnings, warning => warning.Contains("after its outcome", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_cancelled_trial_is_gone_at_once()
    {
        using CancellationTokenSource cancellation = new();
        Task<TrialOutcome> running = Double.RunUntilAsync(cancellation.Token, Double.Request("hang"));
        await Task.Delay(300, TestContext.Current.CancellationToken);
        Stopwatch watch = Stopwatch.StartNew();
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        Assert.InRange(watch.Elapsed.TotalSeconds, 0, 2);
    }
}
