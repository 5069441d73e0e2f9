using EdgeBench.Core.Cells;
using EdgeBench.Core.Runs;
using EdgeBench.Core.Trials;
using EdgeBench.Statistics.Judging;
using EdgeBench.Testing;

namespace EdgeBench.Statistics.Tests;

public class HeatFindingsTests
{
    private static StoredCell Cell(Func<int, TrialOutcome, TrialOutcome> change, string type = "single-stream")
    {
        StoredCell cell = StoredRuns.SpeedCell();
        return cell with { WorkloadType = type, Trials = [.. cell.Trials.Select((trial, i) => trial with { Outcome = change(i, trial.Outcome) })] };
    }

    private static StoredCell With(string condition, params double[] values) =>
        Cell((i, outcome) => outcome with { Conditions = new Dictionary<string, double>(outcome.Conditions) { [condition] = values[i % values.Length] } });

    private static TrialOutcome Clocked(TrialOutcome outcome, params double[] clocks) =>
        outcome with { Series = [.. outcome.Series, new Series("clock_mhz", clocks, [.. clocks.Select((_, i) => i + 1.0)], new int[clocks.Length])] };

    private static ValidityVerdict Judge(StoredCell cell) => ValidityRules.Judge(cell, StoredRuns.OneCell().Devices["local"]);

    [Fact]
    public void A_cell_without_heat_is_as_valid_as_before() => Assert.Equal(Validity.Valid, Judge(Cell((_, outcome) => outcome)).Validity);

    [Theory]
    [InlineData("throttle_events", 3, "throttled in 1 of 3 trials (its throttling counters rose)")]
    [InlineData("throttled_bits_during", 0b0100, "capped its clock in 1 of 3 trials (vcgencmd get_throttled)")]
    [InlineData("throttled_bits_during", 0b0010, "capped its clock in 1 of 3 trials")]
    [InlineData("throttled_bits_during", 0b1000, "capped its clock in 1 of 3 trials")]
    [InlineData("power_mode_changed", 1, "the power mode changed during 1 of 3 trials")]
    public void A_device_that_slowed_itself_down_has_no_valid_figure(string condition, double value, string words)
    {
        ValidityVerdict verdict = Judge(With(condition, 0, value, 0));
        Assert.Equal(Validity.Invalid, verdict.Validity);
        Assert.Contains(words, Assert.Single(verdict.Reasons), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("throttle_events")]
    [InlineData("throttled_bits_during")]
    [InlineData("power_mode_changed")]
    [InlineData("cooldown_exceeded")]
    public void Nothing_happened_means_nothing_is_said(string condition) => Assert.Equal(Validity.Valid, Judge(With(condition, 0)).Validity);

    [Fact]
    public void Under_voltage_alone_is_a_mark()
    {
        ValidityVerdict verdict = Judge(With("throttled_bits_during", 0b0001));
        Assert.Equal(Validity.Semivalid, verdict.Validity);
        Assert.Contains("under-voltage in 3 of 3 trials", Assert.Single(verdict.Reasons), StringComparison.Ordinal);
    }

    [Fact]
    public void Throttling_is_what_a_sustained_workload_measures()
    {
        StoredCell cell = With("throttle_events", 5) with { WorkloadType = "sustained" };
        ValidityVerdict verdict = Judge(cell with { Trials = [.. cell.Trials.Select(trial => trial with { Outcome = Clocked(trial.Outcome, 2400, 2400, 2000, 1800, 1500, 1500) })] });
        Assert.Equal(Validity.Valid, verdict.Validity);
        Assert.Contains("throttled in 3 of 3 trials", Assert.Single(verdict.Reasons), StringComparison.Ordinal);
    }

    [Fact]
    public void A_passed_limit_of_the_cool_down_is_a_mark_with_the_temperature()
    {
        StoredCell cell = Cell((i, outcome) => outcome with { Conditions = new Dictionary<string, double>(outcome.Conditions) { ["cooldown_exceeded"] = i == 1 ? 1 : 0, ["cooldown_temperature_c"] = 60 + i } });
        ValidityVerdict verdict = Judge(cell);
        Assert.Equal(Validity.Semivalid, verdict.Validity);
        Assert.Contains("1 of 3 trials began before the device had cooled down: the limit of the cool-down passed at up to 61.0 °C", Assert.Single(verdict.Reasons), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(45, 59, false)]
    [InlineData(45, 61, true)]
    public void Trials_that_began_at_other_temperatures_are_marked(double coolest, double hottest, bool marked)
    {
        ValidityVerdict verdict = Judge(With("temperature_c_before", coolest, hottest, coolest));
        Assert.Equal(marked ? Validity.Semivalid : Validity.Valid, verdict.Validity);
        if (marked) Assert.Contains($"between {coolest:0.0} and {hottest:0.0} °C", Assert.Single(verdict.Reasons), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(2300, false)]
    [InlineData(2200, true)]
    public void A_clock_that_falls_during_a_trial_is_marked(double last, bool marked)
    {
        ValidityVerdict verdict = Judge(Cell((_, outcome) => Clocked(outcome, 2400, 2400, 2400, last, last, last)));
        Assert.Equal(marked ? Validity.Semivalid : Validity.Valid, verdict.Validity);
        if (marked) Assert.Contains("the clock fell from 2400 to 2200 MHz", Assert.Single(verdict.Reasons), StringComparison.Ordinal);
    }

    [Fact]
    public void One_slow_reading_between_two_repetitions_is_no_drop() =>
        Assert.Equal(Validity.Valid, Judge(Cell((_, outcome) => Clocked(outcome, 2400, 2400, 2400, 2400, 2400, 2400, 600, 2400, 2400))).Validity);

    [Fact]
    public void Trials_at_other_clocks_are_marked()
    {
        ValidityVerdict verdict = Judge(Cell((i, outcome) => Clocked(outcome, i == 0 ? 1500 : 2400, i == 0 ? 1500 : 2400, i == 0 ? 1500 : 2400)));
        Assert.Equal(Validity.Semivalid, verdict.Validity);
        Assert.Contains("clocks from 1500 to 2400 MHz", Assert.Single(verdict.Reasons), StringComparison.Ordinal);
    }

    [Fact]
    public void Other_power_modes_are_other_devices()
    {
        ValidityVerdict verdict = Judge(Cell((i, outcome) => outcome with { Facts = new Dictionary<string, string> { ["power_mode"] = i == 0 ? "15W" : "MAXN" } }));
        Assert.Equal(Validity.Invalid, verdict.Validity);
        Assert.Contains("different power modes: 15W, MAXN", Assert.Single(verdict.Reasons), StringComparison.Ordinal);
    }

    [Fact]
    public void Heat_does_not_judge_quality_nor_what_is_not_the_real_device()
    {
        StoredCell hot = With("throttle_events", 5);
        Assert.DoesNotContain(Judge(hot with { IsQuality = true }).Reasons, reason => reason.Contains("throttled", StringComparison.Ordinal));
        Assert.DoesNotContain(Judge(hot with { Tier = Tier.Emulated }).Reasons, reason => reason.Contains("throttled", StringComparison.Ordinal));
    }

    [Fact]
    public void A_failed_trials_heat_does_not_count()
    {
        StoredCell hot = With("throttle_events", 0, 5, 0);
        ValidityVerdict verdict = Judge(hot with { Trials = [hot.Trials[0], StoredRuns.Failed(hot.Trials[1]), hot.Trials[2]] });
        Assert.DoesNotContain(verdict.Reasons, reason => reason.Contains("throttled", StringComparison.Ordinal));
    }
}
