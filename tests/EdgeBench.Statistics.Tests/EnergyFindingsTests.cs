using EdgeBench.Core.Cells;
using EdgeBench.Core.Metrics;
using EdgeBench.Core.Runs;
using EdgeBench.Statistics.Judging;
using EdgeBench.Testing;

namespace EdgeBench.Statistics.Tests;

public class EnergyFindingsTests
{
    private const EnergyBoundary Rail = EnergyBoundary.Rail;

    private static ValidityVerdict Judge(Func<int, Dictionary<string, string>> facts)
    {
        StoredCell cell = StoredRuns.SpeedCell();
        return ValidityRules.Judge(cell with
        {
            Trials = [.. cell.Trials.Select((trial, i) => trial with { Outcome = trial.Outcome with { Facts = new Dictionary<string, string>(trial.Outcome.Facts.Concat(facts(i))) } })],
        });
    }

    private static Dictionary<string, string> Good() => new()
    {
        [EnergyFacts.Meter(Rail)] = "rapl: package-0",
        [EnergyFacts.Seconds(Rail)] = "12.5",
        [EnergyFacts.Uncertainty(Rail)] = "0.01",
    };

    [Fact]
    public void Long_and_sure_windows_leave_a_cell_valid()
    {
        ValidityVerdict verdict = Judge(_ => Good());
        Assert.Equal(Validity.Valid, verdict.Validity);
        Assert.Empty(verdict.Reasons);
    }

    [Fact]
    public void A_window_below_ten_seconds_is_marked() => Semivalid(
        Judge(i => new(Good()) { [EnergyFacts.Seconds(Rail)] = i == 1 ? "4.25" : "12" }), "energy (rail) comes from windows of 4.25 s and more, marked below 10 s: raise min_duration");

    [Fact]
    public void An_unsure_figure_is_marked() => Semivalid(
        Judge(i => new(Good()) { [EnergyFacts.Uncertainty(Rail)] = i == 1 ? "0.08" : "0.01" }), "energy (rail) is uncertain by up to 8% (limit 5%) by sampling and resolution");

    [Fact]
    public void A_figure_that_is_missing_has_its_reason() => Semivalid(
        Judge(i => i == 1 ? new(Good()) { [EnergyFacts.Missing(Rail)] = "the counter was reset" } : Good()), "energy (rail) has no figure in 1 of 3 trials: the counter was reset");

    [Fact]
    public void A_meter_that_ran_in_some_trials_only_is_said() => Semivalid(Judge(i => i == 1 ? [] : Good()), "energy (rail) was metered in 2 of 3 trials");

    [Theory]
    [InlineData("NaN")]
    [InlineData("long")]
    [InlineData("")]
    public void Facts_that_are_no_numbers_break_nothing(string text) =>
        Assert.Equal(Validity.Valid, Judge(_ => new(Good()) { [EnergyFacts.Seconds(Rail)] = text, [EnergyFacts.Uncertainty(Rail)] = text }).Validity);

    private static void Semivalid(ValidityVerdict verdict, string reason)
    {
        Assert.Equal(Validity.Semivalid, verdict.Validity);
        Assert.Equal([reason], verdict.Reasons);
    }
}
