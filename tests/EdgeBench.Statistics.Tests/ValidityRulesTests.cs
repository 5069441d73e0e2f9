using EdgeBench.Core.Artifacts;
using EdgeBench.Core.Cells;
using EdgeBench.Core.Devices;
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
        Judge(With(outcome => outcome with { NotApplied = ["flash_attention: asked on, off in effect"] }), Validity.Semivalid, "not applied: flash_attention: asked on, off in effect");

    [Fact]
    public void A_remark_is_shown_as_it_is_and_costs_nothing()
    {
        ValidityVerdict verdict = ValidityRules.Judge(With(outcome => outcome with { Warnings = ["peak_pss was not read"] }));
        Assert.Equal(Validity.Valid, verdict.Validity);
        Assert.Equal(["peak_pss was not read"], verdict.Reasons);
    }

    [Theory]
    [InlineData(FailureKind.Crash, Validity.Semivalid, "crash")]
    [InlineData(FailureKind.OutOfMemory, Validity.Semivalid, "out of memory")]
    [InlineData(FailureKind.Hang, Validity.Semivalid, "hang")]
    [InlineData(FailureKind.Protocol, Validity.Semivalid, "protocol")]
    [InlineData(FailureKind.DeviceLost, Validity.Valid, "device lost")]
    public void A_success_after_failed_attempts_is_marked_unless_the_device_was_to_blame(FailureKind kind, Validity expected, string name)
    {
        StoredTrial late = s_cell.Trials[0] with { EarlierFailures = [new(kind, "signal 11."), new(kind, "signal 11.")] };
        Judge(s_cell with { Trials = [late, .. s_cell.Trials.Skip(1)] }, expected, $"session 1 succeeded after 2 failed attempts: {name}: signal 11");
    }

    // Others' processors beyond the free ones, against a tenth of the processors that the trial uses; half of all at most.
    [Theory]
    [InlineData(2, 2, 0.10, Validity.Valid)]
    [InlineData(2, 2, 0.11, Validity.Semivalid)]
    [InlineData(1, 2, 0.45, Validity.Valid)]
    [InlineData(1, 4, 0.49, Validity.Valid)]
    [InlineData(1, 4, 0.51, Validity.Semivalid)]
    [InlineData(3, 4, 0.32, Validity.Valid)]
    [InlineData(3, 4, 0.33, Validity.Semivalid)]
    [InlineData(8, 4, 0.11, Validity.Semivalid)]
    public void Load_of_others_counts_as_far_as_it_takes_what_the_trial_uses(int threads, int cores, double share, Validity expected) =>
        Judge(Conditions("other_cpu_share", share) with { Threads = threads }, Device(cores), expected);

    [Theory]
    [InlineData(1, 4, 0.02, Validity.Valid)]
    [InlineData(1, 4, 0.03, Validity.Semivalid)]
    [InlineData(4, 4, 0.09, Validity.Valid)]
    [InlineData(4, 4, 0.11, Validity.Semivalid)]
    public void Stolen_time_counts_in_full_because_idle_processors_lose_none(int threads, int cores, double share, Validity expected)
    {
        StoredCell cell = With(outcome => outcome with { Conditions = new Dictionary<string, double> { ["other_cpu_share"] = 0, ["steal_share"] = share } });
        Judge(cell with { Threads = threads }, Device(cores), expected);
    }

    [Theory]
    [InlineData(0.09, Validity.Valid)]
    [InlineData(0.11, Validity.Semivalid)]
    public void Without_the_device_every_processor_counts_as_used(double share, Validity expected) =>
        Judge(Conditions("other_cpu_share", share) with { Threads = 1 }, null, expected);

    [Fact]
    public void A_load_that_nobody_measured_is_said_and_costs_nothing() =>
        Judge(With(outcome => outcome with { Conditions = new Dictionary<string, double>() }), Validity.Valid, "load of others not known in 3 of 3 trials");

    [Fact]
    public void One_planned_session_stays_valid_and_says_so() =>
        Judge(StoredRuns.SpeedCell(sessions: 1), Validity.Valid, "one session");

    [Fact]
    public void An_emulated_cell_says_that_its_speed_is_not_reported() => Judge(s_cell with { Tier = Tier.Emulated }, Validity.Valid, "no speed is reported");

    private static StoredCell WithSeries(Series series) =>
        With(outcome => outcome with { Series = [.. outcome.Series.Where(other => other.Metric != series.Metric), series] });

    private static StoredCell With(Func<TrialOutcome, TrialOutcome> change) =>
        s_cell with { Trials = [.. s_cell.Trials.Select(trial => trial with { Outcome = change(trial.Outcome) })] };

    private static StoredCell Conditions(string name, double value) =>
        With(outcome => outcome with { Conditions = new Dictionary<string, double> { [name] = value } });

    private static DeviceFacts Device(int cores) => StoredRuns.OneCell().Devices["local"] with { Cores = cores };

    private static void Judge(StoredCell cell, Validity expected, params string[] reasons) => Judge(cell, Device(2), expected, reasons);

    private static void Judge(StoredCell cell, DeviceFacts? device, Validity expected, params string[] reasons)
    {
        ValidityVerdict verdict = ValidityRules.Judge(cell, device);
        Assert.Equal(expected, verdict.Validity);
        foreach (string reason in reasons) Assert.Contains(verdict.Reasons, given => given.Contains(reason, StringComparison.Ordinal));
    }
}
