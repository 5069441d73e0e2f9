using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using EdgeBench.Agent.Trials;
using EdgeBench.Core.Configuration;
using EdgeBench.Core.Metrics;
using EdgeBench.Core.Trials;
using EdgeBench.Devices;
using EdgeBench.Devices.Launching;
using EdgeBench.Testing;

namespace EdgeBench.Agent.Tests;

/// <summary>Gaps are allowed for half of the time here: a loaded machine reads late, and the way through is what is tested.</summary>
public class MeteredTrialTests
{
    private static readonly EnergyMetrics s_board = EnergyMetrics.Of(EnergyBoundary.Board);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_trial_between_its_meters_has_joules_for_its_tokens()
    {
        using TemporaryFolder tree = Monitor(microwatts: 2_500_000);
        TrialOutcome outcome = await RunAsync(tree, "measure for a second", new MeterSpec("hwmon", Options("""{"rate": 20, "idle": "00:00:00.5", "max_gap_share": 0.5}""")));
        Assert.Null(outcome.Failure);
        Assert.Empty(outcome.NotApplied.Except(["flash attention"]));
        double seconds = outcome.Series.Single(series => series.Metric == "repetition_time").Values.Sum() / 1e3;
        Assert.Equal(2.5 * seconds / 50, Figure(outcome, s_board.PerToken)!.Value, tolerance: 1e-6);
        Assert.Equal(2.5 * seconds / 10, Figure(outcome, s_board.PerInference)!.Value, tolerance: 1e-6);
        Assert.Equal(2.5, Figure(outcome, s_board.MeanPower)!.Value, tolerance: 1e-6);
        Assert.Equal(2.5, Figure(outcome, s_board.PeakPower)!.Value, tolerance: 1e-6);
        // Idle draws as much: there is nothing above it to report.
        Assert.Null(Figure(outcome, s_board.NetPerToken));
        Assert.EndsWith(" W after", outcome.Facts[EnergyFacts.Idle(EnergyBoundary.Board)], StringComparison.Ordinal);
        Assert.Equal(seconds, double.Parse(outcome.Facts[EnergyFacts.Seconds(EnergyBoundary.Board)], CultureInfo.InvariantCulture), 2);
        Series raw = outcome.Series.Single(series => series.Metric == s_board.Power.Name);
        Assert.InRange(raw.At[0], -10, -0.45);
        Assert.InRange(raw.At[^1], outcome.Seconds + 0.2, outcome.Seconds + 10);
    }

    [Fact]
    public async Task A_meter_that_cannot_be_read_is_named_and_the_trial_counts()
    {
        using TemporaryFolder tree = Monitor(microwatts: 2_500_000);
        TrialOutcome outcome = await RunAsync(tree, "measure for a second",
            new MeterSpec("rapl", Options("{}")), new MeterSpec("hwnon", Options("{}")), new MeterSpec("hwmon", Options("""{"rate": 20, "idle": "00:00:00", "max_gap_share": 0.5}""")),
            new MeterSpec("hwmon", Options("""{"rate": 20, "idle": "00:00:00", "max_gap_share": 0.5}""")));
        Assert.Null(outcome.Failure);
        Assert.Contains(outcome.NotApplied, text => text.StartsWith("meter rapl: there is no /sys/class/powercap/intel-rapl:*. ", StringComparison.Ordinal));
        Assert.Contains(outcome.NotApplied, text => text.EndsWith("Did you mean 'hwmon'?", StringComparison.Ordinal));
        Assert.Contains(outcome.NotApplied, text => text.StartsWith("meter hwmon: another meter reads the boundary 'board' already", StringComparison.Ordinal));
        Assert.Equal(10, outcome.Series.Single(series => series.Metric == "decode_tok_s").Values.Length);
        Assert.NotNull(Figure(outcome, s_board.PerToken));
    }

    [Fact]
    public async Task A_trial_that_fails_has_its_failure_and_no_energy()
    {
        using TemporaryFolder tree = Monitor(microwatts: 2_500_000);
        TrialOutcome outcome = await RunAsync(tree, "segfault", new MeterSpec("hwmon", Options("""{"idle": "00:00:00.1"}""")));
        Assert.Equal(FailureKind.Crash, outcome.Failure?.Kind);
        Assert.Empty(outcome.Series);
    }

    [Fact]
    public async Task Cancelling_while_the_device_idles_ends_at_once()
    {
        using TemporaryFolder tree = Monitor(microwatts: 2_500_000);
        using CancellationTokenSource cancellation = new();
        Task<TrialOutcome> running = MeteredTrial.RunAsync(new TrialCommand(Double.Program, ["trial"]),
            Double.Request("measure") with { Meters = [new MeterSpec("hwmon", Options("""{"idle": "00:01:00"}"""))] }, long.MaxValue, new SystemRoot(tree.Path), cancellation.Token);
        await Task.Delay(300, Cancellation);
        Stopwatch watch = Stopwatch.StartNew();
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        Assert.InRange(watch.Elapsed.TotalSeconds, 0, 2);
    }

    [Fact]
    public async Task Meters_travel_to_the_agents_process_and_their_figures_come_back()
    {
        await using AgentConnection agent = await Double.ConnectAsync();
        TrialRequest request = Double.Request("measure for a second") with
        {
            Meters =
            [
                new MeterSpec("estimate", Options("""{"idle_watts": 2, "watts_per_core": 1, "rate": 20, "idle": "00:00:00.2", "max_gap_share": 0.5}""")),
                new MeterSpec("scpi", Options("""{"host": "127.0.0.1", "port": 1}""")),
            ],
        };
        TrialOutcome outcome = await agent.RunTrialAsync(request, Cancellation);
        Assert.Null(outcome.Failure);
        EnergyMetrics estimate = EnergyMetrics.Of(EnergyBoundary.Estimate);
        Assert.InRange(Figure(outcome, estimate.MeanPower)!.Value, 2, 2 + Environment.ProcessorCount);
        Assert.NotNull(Figure(outcome, estimate.PerToken));
        Assert.StartsWith("estimate: model: 2 W + 1 W", outcome.Facts[EnergyFacts.Meter(EnergyBoundary.Estimate)], StringComparison.Ordinal);
        Assert.Contains(outcome.NotApplied, text => text.StartsWith("meter scpi: no instrument answers at 127.0.0.1:1", StringComparison.Ordinal));
    }

    private static double? Figure(TrialOutcome outcome, Metric metric) => outcome.Series.SingleOrDefault(series => series.Metric == metric.Name)?.Values.Single();

    private static JsonElement Options(string text) => JsonDocument.Parse(text).RootElement.Clone();

    private static Task<TrialOutcome> RunAsync(TemporaryFolder tree, string deed, params MeterSpec[] meters) => MeteredTrial.RunAsync(
        new TrialCommand(Double.Program, ["trial"]), Double.Request(deed) with { Meters = meters }, long.MaxValue, new SystemRoot(tree.Path), Cancellation);

    private static TemporaryFolder Monitor(long microwatts)
    {
        TemporaryFolder tree = new();
        string folder = Path.Combine(tree.Path, "sys/class/hwmon/hwmon0");
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "name"), "ina226\n");
        File.WriteAllText(Path.Combine(folder, "power1_input"), $"{microwatts}\n");
        return tree;
    }
}
