namespace EdgeBench.Core.Artifacts;

/// <summary>
/// Names of facts that say which part of which text was calibrated on (a pass's facts) and scored (a trial's facts), so that a score on the text
/// that a method has seen is told from one on text that it has not.
/// </summary>
public static class TextOrigin
{
    /// <summary>SHA-256 of the whole calibration file.</summary>
    public const string CalibrationSha256 = "calibration_sha256";

    /// <summary>First byte of the calibration file that was read.</summary>
    public const string CalibrationFirstByte = "calibration_first_byte";

    public const string CalibrationTokens = "calibration_tokens";

    /// <summary>SHA-256 of the whole scored file.</summary>
    public const string ScoredSha256 = "text_sha256";

    /// <summary>Bytes from the scored file's start up to the last scored token, by its share of the file's tokens.</summary>
    public const string ScoredBytes = "text_scored_bytes";
}
