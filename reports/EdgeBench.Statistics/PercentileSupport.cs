namespace EdgeBench.Statistics;

/// <summary>
/// Readings that a tail percentile needs before it is reported: the smallest query counts of MLPerf Inference's early-stopping
/// criterion (MLCommons inference policies, "Early Stopping": 64 for the 90th percentile, 662 for the 99th).
/// </summary>
public static class PercentileSupport
{
    public const int P90 = 64;

    public const int P99 = 662;
}
