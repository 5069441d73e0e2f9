using EdgeBench.Core.Artifacts;
using EdgeBench.Core.Cells;
using EdgeBench.Core.Runs;
using EdgeBench.Statistics.Judging;
using EdgeBench.Testing;

namespace EdgeBench.Statistics.Tests;

public class CalibrationFindingsTests
{
    [Theory]
    [InlineData("same", "0", "1000", true)]
    [InlineData("same", "1050", "1000", true)]
    [InlineData("same", "1200", "1000", false)]
    [InlineData("SAME", "0", "1000", true)]
    [InlineData("other", "0", "1000", false)]
    public void A_score_on_the_text_of_the_calibration_is_semivalid(string calibrated, string first, string scored, bool marked)
    {
        ValidityVerdict verdict = ValidityRules.Judge(Cell(calibrated, first, scored, quality: true));
        Assert.Equal(marked, verdict.Reasons.Any(reason => reason.Contains("calibrated on the text that it is scored on", StringComparison.Ordinal)));
        if (marked) Assert.NotEqual(Validity.Valid, verdict.Validity);
    }

    [Fact]
    public void Speed_does_not_depend_on_what_was_calibrated_on() =>
        Assert.DoesNotContain(ValidityRules.Judge(Cell("same", "0", "1000", quality: false)).Reasons, reason => reason.Contains("calibrated", StringComparison.Ordinal));

    private static StoredCell Cell(string calibrated, string first, string scored, bool quality)
    {
        StoredCell cell = StoredRuns.SpeedCell();
        PassReadback pass = new("ptq", "weights q4_0 by gptq", "q4_0 in 210 of 210 matrices", Applied.Fully)
        {
            Facts = new Dictionary<string, string> { [TextOrigin.CalibrationSha256] = calibrated, [TextOrigin.CalibrationFirstByte] = first },
        };
        Dictionary<string, string> facts = new() { [TextOrigin.ScoredSha256] = "same", [TextOrigin.ScoredBytes] = scored };
        return cell with
        {
            IsQuality = quality,
            Artifact = cell.Artifact! with { Readback = [pass] },
            Trials = [.. cell.Trials.Select(trial => trial with { Outcome = trial.Outcome with { Facts = facts } })],
        };
    }
}
