using System.Globalization;
using EdgeBench.Core.Artifacts;
using EdgeBench.Core.Runs;

namespace EdgeBench.Statistics.Judging;

/// <summary>A method that was calibrated on the text that it is scored on looks better than it is.</summary>
internal static class CalibrationFindings
{
    // Where the scored part ends is known by its share of the tokens, which are not all of one length.
    private const double Slack = 1.1;

    public static void Add(StoredCell cell, Findings findings)
    {
        if (!cell.IsQuality) return;
        foreach (PassReadback pass in cell.Artifact?.Readback ?? [])
        {
            if (pass.Facts.GetValueOrDefault(TextOrigin.CalibrationSha256) is not { } calibrated) continue;
            long first = Number(pass.Facts, TextOrigin.CalibrationFirstByte) ?? 0;
            foreach (IReadOnlyDictionary<string, string> facts in cell.Trials.Select(trial => trial.Outcome.Facts))
            {
                if (!calibrated.Equals(facts.GetValueOrDefault(TextOrigin.ScoredSha256), StringComparison.OrdinalIgnoreCase)) continue;
                if (Number(facts, TextOrigin.ScoredBytes) is { } scored && first >= Slack * scored) continue;
                findings.Semivalid($"{pass.Pass} was calibrated on the text that it is scored on, from byte {first} of the same file: give another text, or a calibration_offset behind the scored part");
            }
        }
    }

    private static long? Number(IReadOnlyDictionary<string, string> facts, string name) =>
        long.TryParse(facts.GetValueOrDefault(name), NumberStyles.None, CultureInfo.InvariantCulture, out long value) ? value : null;
}
