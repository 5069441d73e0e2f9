using EdgeBench.Core.Metrics;
using EdgeBench.Core.Trials;

namespace EdgeBench.Statistics.Judging;

/// <summary>How much a trial sampled: repetitions and seconds.</summary>
/// <param name="Seconds">
/// From the start of the first recorded repetition to the last reading. The start is not stored; it is the earliest that the readings
/// show: completion minus value for times, and one mean repetition before the first completion.
/// </param>
public readonly record struct SamplingSpan(int Repetitions, double Seconds)
{
    /// <summary>Span of one metric's readings, in seconds since the trial's process started.</summary>
    public static SamplingSpan Of(Series series)
    {
        ArgumentNullException.ThrowIfNull(series);
        int count = Math.Min(series.Values.Length, Math.Min(series.At.Length, series.Repetition.Length));
        SortedDictionary<int, double> end = [];
        double earliest = double.PositiveInfinity;
        bool isTime = MetricRegistry.Find(series.Metric)?.Unit == "ms";
        for (int i = 0; i < count; i++)
        {
            // Of a stretch of one repetition's readings in order of time only the last decides; there may be thousands.
            bool superseded = i + 1 < count && series.Repetition[i + 1] == series.Repetition[i] && series.At[i + 1] >= series.At[i];
            if (!superseded) end[series.Repetition[i]] = Math.Max(end.GetValueOrDefault(series.Repetition[i]), series.At[i]);
            earliest = Math.Min(earliest, series.At[i] - (isTime ? series.Values[i] / 1000 : 0));
        }
        if (end.Count == 0) return default;
        double first = end.Values.First(), last = end.Values.Last();
        if (end.Count > 1) earliest = Math.Min(earliest, first - ((last - first) / (end.Count - 1)));
        return new SamplingSpan(end.Count, Math.Max(0, last - earliest));
    }
}
