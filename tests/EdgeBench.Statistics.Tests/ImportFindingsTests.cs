using EdgeBench.Core.Cells;
using EdgeBench.Core.Runs;
using EdgeBench.Core.Trials;
using EdgeBench.Statistics.Judging;
using EdgeBench.Testing;

namespace EdgeBench.Statistics.Tests;

public class ImportFindingsTests
{
    [Fact]
    public void Raw_samples_with_their_time_are_valid_and_their_definition_is_shown()
    {
        ValidityVerdict verdict = ValidityRules.Judge(Imported(Facts()));
        Assert.Equal(Validity.Valid, verdict.Validity);
        Assert.Equal(["decode_tok_s by sometool: tokens over its own time"], verdict.Reasons);
    }

    [Fact]
    public void Aggregates_alone_are_semivalid_with_the_reason()
    {
        ValidityVerdict verdict = ValidityRules.Judge(Imported(Facts(samples: "it prints a summary of its 9 runs")));
        Assert.Equal(Validity.Semivalid, verdict.Validity);
        Assert.Contains("no raw samples from sometool: it prints a summary of its 9 runs", verdict.Reasons);
    }

    [Fact]
    public void A_time_that_is_not_told_is_semivalid_and_held_against_no_limit()
    {
        ValidityVerdict verdict = ValidityRules.Judge(Imported(Facts(seconds: null)));
        Assert.Equal(Validity.Semivalid, verdict.Validity);
        Assert.Contains("sometool does not tell how long it sampled", verdict.Reasons);
    }

    [Theory]
    [InlineData("4", "60", "only 4 repetitions in a trial, at least 5 asked")]
    [InlineData("9", "0.2", "a trial sampled for 0.2 s, at least 0.5 s asked")]
    [InlineData(null, "60", "does not tell how many repetitions stand behind its figures")]
    public void Too_little_is_invalid_by_what_the_program_tells(string? repetitions, string seconds, string reason)
    {
        ValidityVerdict verdict = ValidityRules.Judge(Imported(Facts(repetitions: repetitions, seconds: seconds)));
        Assert.Equal(Validity.Invalid, verdict.Validity);
        Assert.Contains(verdict.Reasons, found => found.Contains(reason, StringComparison.Ordinal));
    }

    // One reading stands for all repetitions: by itself it would be too few and too short.
    private static StoredCell Imported(Dictionary<string, string> facts)
    {
        StoredCell cell = StoredRuns.SpeedCell() with { MinSamples = 5, MinDuration = 0.5, ExpectedMetrics = ["decode_tok_s"] };
        return cell with
        {
            Trials = [.. cell.Trials.Select(trial => trial with { Outcome = trial.Outcome with { Facts = facts, Series = [Series.Single("decode_tok_s", 10, 2)] } })],
        };
    }

    private static Dictionary<string, string> Facts(string? repetitions = "9", string? seconds = "2.5", string samples = ImportedFigures.Raw)
    {
        Dictionary<string, string> facts = new()
        {
            [ImportedFigures.Tool] = "sometool",
            [ImportedFigures.Samples] = samples,
            [ImportedFigures.Definition + "decode_tok_s"] = "tokens over its own time",
        };
        if (repetitions is not null) facts[ImportedFigures.Repetitions] = repetitions;
        if (seconds is not null) facts[ImportedFigures.Seconds] = seconds;
        return facts;
    }
}
