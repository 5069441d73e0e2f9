using EdgeBench.Core.Artifacts;
using EdgeBench.Core.Cells;
using EdgeBench.Core.Runs;
using EdgeBench.Core.Trials;
using EdgeBench.Statistics.Judging;
using EdgeBench.Testing;

namespace EdgeBench.Statistics.Tests;

public class ValidityRulesTests
{
    private static readonly StoredCell s_cell = StoredRuns.SpeedCell();

    [Fact]
    public void A_cell_that_keeps_every_rule_is_valid_without_reasons()
    {
        ValidityVerdict verdict = ValidityRules.Judge(s_cell);
        Assert.Equal(Validity.Valid, verdict.Validity);
        Assert.Empty(verdict.Reasons);
    }

    [Fact]
    public void No_trial_is_invalid() => Judge(s_cell with { Trials = [] }, Validity.Invalid, "not measured yet");

    [Fact]
    public void Only_failures_are_invalid_with_kind_and_remedy() =>
        Judge(s_cell with { Trials = [.. s_cell.Trials.Select(StoredRuns.Failed)] }, Validity.Invalid, "out of memory (3 times)", "Remedy: raise measure.memory_limit");

    [Fact]
    public void One_failure_beside_successes_is_semivalid() =>
        Judge(s_cell with { Trials = [s_cell.Trials[0], s_cell.Trials[1], StoredRuns.Failed(s_cell.Trials[2])] }, Validity.Semivalid, "2 of 3 planned sessions", "out of memory");

    [Fact]
    public void Too_few_repetitions_are_invalid() => Judge(s_cell with { MinSamples = 8 }, Validity.Invalid, "only 7 repetitions in a trial, at least 8 asked");

    [Fact]
    public void Too_short_a_trial_is_invalid() => Judge(s_cell with { MinDuration = 60 }, Validity.Invalid, "at least 60 s asked");

    [Fact]
    public void A_missing_metric_is_invalid() => Judge(s_cell with { ExpectedMetrics = [.. s_cell.ExpectedMetrics, "peak_pss"] }, Validity.Invalid, "peak_pss is missing in 3 of 3");

    [Fact]
    public void A_reading_that_is_no_number_is_invalid() =>
        Judge(WithSeries(Series.Single("load_time", double.NaN, 1)), Validity.Invalid, "load_time holds 3 readings that are not numbers");

    [Theory]
    [InlineData(Applied.NotApplied, Validity.Invalid, "not applied: ptq: asked weights q4_0, found f16 in all tensors")]
    [InlineData(Applied.Partly, Validity.Semivalid, "partly applied: ptq: asked weights q4_0, found f16 in all tensors")]
    [InlineData(Applied.Fully, Validity.Valid)]
    public void What_the_artifact_shows_decides(Applied applied, Validity expected, params string[] reasons)
    {
        PassReadback readback = new("ptq", "weights q4_0", "f16 in all tensors", applied);
        Judge(s_cell with { Artifact = s_cell.Artifact! with { Readback = [readback] } }, expected, reasons);
    }

    [Fact]
    public void An_option_without_effect_is_semivalid() =>
        Judge(With(outcome => outcome with { Warnings = ["flash_attention: asked on, off in effect"] }), Validity.Semivalid, "not applied: flash_attention");

    [Theory]
    [InlineData(0.09, Validity.Valid)]
    [InlineData(0.25, Validity.Semivalid)]
    public void Load_of_others_above_a_tenth_is_semivalid(double share, Validity expected) =>
        Judge(With(outcome => outcome with { Conditions = new Dictionary<string, double> { ["other_cpu_share"] = share } }), expected);

    [Fact]
    public void One_planned_session_stays_valid_and_says_so() =>
        Judge(StoredRuns.SpeedCell(sessions: 1), Validity.Valid, "one session");

    [Fact]
    public void An_emulated_cell_says_that_its_speed_is_not_reported() => Judge(s_cell with { Tier = Tier.Emulated }, Validity.Valid, "no speed is reported");

    private static StoredCell WithSeries(Series series) =>
        With(outcome => outcome with { Series = [.. outcome.Series.Where(other => other.Metric != series.Metric), series] });

    private static StoredCell With(Func<TrialOutcome, TrialOutcome> change) =>
        s_cell with { Trials = [.. s_cell.Trials.Select(trial => trial with { Outcome = change(trial.Outcome) })] };

    private static void Judge(StoredCell cell, Validity expected, params string[] reasons)
    {
        ValidityVerdict verdict = ValidityRules.Judge(cell);
        Assert.Equal(expected, verdict.Validity);
        foreach (string reason in reasons) Assert.Contains(verdict.Reasons, given => given.Contains(reason, StringComparison.Ordinal));
    }
}
