using EdgeBench.Core.Metrics;
using EdgeBench.Core.Trials;
using EdgeBench.Devices.Power;
using EdgeBench.Devices.Power.Recording;

namespace EdgeBench.Devices.Tests.Power;

public class TrialEnergyTests
{
    private const double Started = 1000;

    // Idle at 4 W, 10 W from the 2nd to the 22nd second of the trial: 20 repetitions of 1 s with 50 tokens each.
    private static TrialOutcome Outcome() => new()
    {
        TrialId = "trial",
        StartedAt = DateTimeOffset.UnixEpoch,
        Series =
        [
            new("repetition_time", [.. Enumerable.Repeat(1000.0, 20)], [.. Enumerable.Range(3, 20).Select(i => (double)i)], [.. Enumerable.Range(0, 20)]),
            new("repetition_tokens", [.. Enumerable.Repeat(50.0, 20)], [.. Enumerable.Range(3, 20).Select(i => (double)i)], [.. Enumerable.Range(0, 20)]),
        ],
    };

    private static MeterRecording Recording(MeterKind kind, Func<double, double>? watts = null, double idle = 4)
    {
        watts ??= at => at is >= 2 and <= 22 ? 10 : idle;
        Func<double, double> fine = at => watts(at) is var coarse and > 0 ? coarse + 0.001 : 0;
        List<MeterReading> readings = [];
        double joules = 0;
        for (int i = 0; i <= 400; i++)
        {
            double at = -5 + (i * 0.1), next = fine(at + 0.05);
            readings.Add(new MeterReading(Started + at, kind == MeterKind.Power ? fine(at) : joules));
            joules += next * 0.1;
        }
        return new MeterRecording("test", new MeterDescription(kind, EnergyBoundary.Wall, "a plug"), 0.05, readings, null);
    }

    private static TrialOutcome Add(MeterRecording recording, TrialOutcome? outcome = null) =>
        TrialEnergy.Add(outcome ?? Outcome(), [recording], new TrialPhases(Started, new(Started - 4, Started - 1), new(Started + 25, Started + 28)));

    private static double? Figure(TrialOutcome outcome, Metric metric) => outcome.Series.SingleOrDefault(series => series.Metric == metric.Name)?.Values.Single();

    [Theory]
    [InlineData(MeterKind.Power)]
    [InlineData(MeterKind.Energy)]
    public void Figures_are_of_the_timed_part_gross_and_net_of_idling(MeterKind kind)
    {
        TrialOutcome outcome = Add(Recording(kind));
        EnergyMetrics wall = EnergyMetrics.Of(EnergyBoundary.Wall);
        Assert.InRange(Figure(outcome, wall.PerToken)!.Value, 0.198, 0.202);
        Assert.InRange(Figure(outcome, wall.NetPerToken)!.Value, 0.118, 0.122);
        Assert.InRange(Figure(outcome, wall.PerInference)!.Value, 9.9, 10.1);
        Assert.InRange(Figure(outcome, wall.NetPerInference)!.Value, 5.9, 6.1);
        Assert.InRange(Figure(outcome, wall.MeanPower)!.Value, 9.9, 10.1);
        Assert.InRange(Figure(outcome, wall.PeakPower)!.Value, 9.9, 10.1);
        Assert.Equal("test: a plug", outcome.Facts[EnergyFacts.Meter(EnergyBoundary.Wall)]);
        Assert.Equal("20", outcome.Facts[EnergyFacts.Seconds(EnergyBoundary.Wall)]);
        Assert.Equal("4.001 W before, 4.001 W after", outcome.Facts[EnergyFacts.Idle(EnergyBoundary.Wall)]);
        Assert.InRange(double.Parse(outcome.Facts[EnergyFacts.Uncertainty(EnergyBoundary.Wall)]), 0, 0.01);
        Assert.Empty(outcome.Warnings);
        Assert.DoesNotContain(EnergyFacts.Missing(EnergyBoundary.Wall), outcome.Facts.Keys);
    }

    [Fact]
    public void Raw_readings_stay_in_the_trials_own_time()
    {
        TrialOutcome power = Add(Recording(MeterKind.Power)), counter = Add(Recording(MeterKind.Energy));
        Series raw = power.Series.Single(series => series.Metric == "power_wall");
        Assert.Equal((401, -5, 35), (raw.Values.Length, Math.Round(raw.At[0], 9), Math.Round(raw.At[^1], 9)));
        Assert.DoesNotContain(power.Series, series => series.Metric == "energy_counter_wall");
        Assert.Equal(401, counter.Series.Single(series => series.Metric == "energy_counter_wall").Values.Length);
        Assert.Equal(10.001, counter.Series.Single(series => series.Metric == "power_wall").Values[150], 6);
        Assert.All(power.Series.Concat(counter.Series), series => Assert.NotNull(MetricRegistry.Find(series.Metric)));
    }

    [Fact]
    public void A_window_without_a_figure_has_its_reason_and_its_raw_readings()
    {
        MeterRecording recording = Recording(MeterKind.Power);
        TrialOutcome outcome = Add(recording with { Readings = [.. recording.Readings.Where(reading => reading.At is < Started + 8 or > Started + 12)] });
        Assert.All(EnergyMetrics.Of(EnergyBoundary.Wall).Figures, metric => Assert.Null(Figure(outcome, metric)));
        Assert.Contains("lie in gaps", outcome.Facts[EnergyFacts.Missing(EnergyBoundary.Wall)], StringComparison.Ordinal);
        Assert.Contains(outcome.Warnings, warning => warning.StartsWith("meter test: gap of 4", StringComparison.Ordinal));
        Assert.NotEmpty(outcome.Series.Single(series => series.Metric == "power_wall").Values);
    }

    [Fact]
    public void No_more_than_idling_has_no_net_figure_and_zero_is_no_figure_at_all()
    {
        TrialOutcome idle = Add(Recording(MeterKind.Power, idle: 12));
        Assert.NotNull(Figure(idle, EnergyMetrics.Of(EnergyBoundary.Wall).PerToken));
        Assert.Null(Figure(idle, EnergyMetrics.Of(EnergyBoundary.Wall).NetPerToken));
        Assert.Contains("meter test: no more energy than idling, so no net figures", idle.Warnings);
        TrialOutcome dead = Add(Recording(MeterKind.Power, _ => 0));
        Assert.Equal("every reading was zero", dead.Facts[EnergyFacts.Missing(EnergyBoundary.Wall)]);
        Assert.Null(Figure(dead, EnergyMetrics.Of(EnergyBoundary.Wall).PerToken));
    }

    [Fact]
    public void Idle_power_that_drifts_is_said()
    {
        TrialOutcome outcome = Add(Recording(MeterKind.Power, at => at < 2 ? 3 : at <= 22 ? 10 : 5));
        Assert.Contains("meter test: idle power was 3.00 W before and 5.00 W after: net figures are uncertain by half the difference", outcome.Warnings);
        Assert.InRange(Figure(outcome, EnergyMetrics.Of(EnergyBoundary.Wall).NetPerToken)!.Value, 0.118, 0.122);
    }

    [Fact]
    public void Without_idle_times_there_are_no_net_figures()
    {
        TrialOutcome outcome = TrialEnergy.Add(Outcome(), [Recording(MeterKind.Power)], new TrialPhases(Started, null, null));
        Assert.Equal("not read before, not read after", outcome.Facts[EnergyFacts.Idle(EnergyBoundary.Wall)]);
        Assert.Null(Figure(outcome, EnergyMetrics.Of(EnergyBoundary.Wall).NetPerToken));
        Assert.NotNull(Figure(outcome, EnergyMetrics.Of(EnergyBoundary.Wall).PerToken));
    }

    [Fact]
    public void A_workload_that_tells_no_repetitions_or_no_tokens_has_what_can_be_said()
    {
        TrialOutcome none = Add(Recording(MeterKind.Power), Outcome() with { Series = [] });
        Assert.Contains("does not tell when its repetitions ran", none.Facts[EnergyFacts.Missing(EnergyBoundary.Wall)], StringComparison.Ordinal);
        Assert.Equal(["power_wall"], none.Series.Select(series => series.Metric));
        TrialOutcome tokenless = Add(Recording(MeterKind.Power), Outcome() with { Series = [Outcome().Series[0]] });
        Assert.Null(Figure(tokenless, EnergyMetrics.Of(EnergyBoundary.Wall).PerToken));
        Assert.NotNull(Figure(tokenless, EnergyMetrics.Of(EnergyBoundary.Wall).PerInference));
    }

    [Fact]
    public void Many_repetitions_in_one_timed_part_share_its_energy()
    {
        TrialOutcome outcome = Add(Recording(MeterKind.Power), Outcome() with { Series = [new("repetition_time", [20_000], [22], [0]), new("repetition_count", [400], [22], [0])] });
        Assert.InRange(Figure(outcome, EnergyMetrics.Of(EnergyBoundary.Wall).PerInference)!.Value, 0.495, 0.505);
        Assert.Null(Figure(outcome, EnergyMetrics.Of(EnergyBoundary.Wall).PerToken));
    }

    [Fact]
    public void A_program_that_does_not_tell_when_it_ran_says_so_itself()
    {
        TrialOutcome outcome = Add(Recording(MeterKind.Power), Outcome() with { Series = [], Facts = new Dictionary<string, string> { [EnergyFacts.Untimed] = "it is silent" } });
        Assert.Equal("it is silent", outcome.Facts[EnergyFacts.Missing(EnergyBoundary.Wall)]);
    }

    [Fact]
    public void A_meter_that_ended_early_is_named_with_its_reason() =>
        Assert.Contains("meter test ended early: unplugged", Add(Recording(MeterKind.Power) with { Ended = "unplugged" }).Warnings);
}
