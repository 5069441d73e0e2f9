using EdgeBench.Core.Metrics;
using EdgeBench.Core.Trials;
using EdgeBench.Devices.Power.Integration;

namespace EdgeBench.Devices.Power.Recording;

/// <summary>When a trial did what, on the monotonic clock.</summary>
/// <param name="Started">When the trial's process started: zero of <see cref="Series.At"/>.</param>
/// <param name="Before">Idle time before it; null for none.</param>
public sealed record TrialPhases(double Started, TimeStretch? Before, TimeStretch? After)
{
    /// <summary>The timed parts of the recorded repetitions, and what they did; null where the workload does not tell.</summary>
    public (IReadOnlyList<TimeStretch> Timed, double Repetitions, double? Tokens)? Repetitions(IReadOnlyList<Series> series)
    {
        ArgumentNullException.ThrowIfNull(series);
        if (series.FirstOrDefault(one => one.Metric == MetricRegistry.RepetitionTime.Name) is not { Values.Length: > 0 } times) return null;
        List<TimeStretch> timed = [];
        for (int i = 0; i < times.Values.Length; i++)
        {
            double end = Started + times.At[i];
            timed.Add(new TimeStretch(end - (times.Values[i] / 1e3), end));
        }
        double? tokens = series.FirstOrDefault(one => one.Metric == MetricRegistry.RepetitionTokens.Name)?.Values.Sum();
        double repetitions = series.FirstOrDefault(one => one.Metric == MetricRegistry.RepetitionCount.Name)?.Values.Sum() ?? times.Values.Length;
        return (TimeStretch.Union(timed), repetitions, tokens > 0 ? tokens : null);
    }
}
