using EdgeBench.Core.Metrics;
using EdgeBench.Core.Runs;
using EdgeBench.Core.Trials;

namespace EdgeBench.Statistics.Judging;

/// <summary>Whether the trials hold what was expected, often and long enough.</summary>
internal static class SampleFindings
{
    // The start of sampling is estimated (see SamplingSpan), so a span is held against a trial only where it is short of the asked one by more than both
    // a share of it and what preparing one repetition may take.
    private const double SpanTolerance = 0.9, SpanSlackSeconds = 0.05;

    public static void Add(StoredCell cell, Findings findings)
    {
        List<TrialOutcome> done = [.. cell.Trials.Select(trial => trial.Outcome).Where(outcome => outcome.Failure is null)];
        foreach (string name in done.Count > 0 ? cell.ExpectedMetrics : [])
        {
            string source = MetricRegistry.Find(name)?.Source ?? name;
            int missing = done.Count(outcome => !outcome.Series.Any(series => series.Metric == source && series.Values.Length > 0));
            if (missing > 0) findings.Invalid($"{name} is missing in {missing} of {done.Count} successful trials");
            int broken = done.Sum(outcome => outcome.Series.Where(series => series.Metric == source)
                .Sum(series => series.Values.Count(value => !double.IsFinite(value))));
            if (broken > 0) findings.Invalid($"{name} holds {broken} readings that are not numbers");
        }
        // One pass over the text is a quality trial's whole measurement.
        if (!cell.IsQuality) AddSpans(cell, done, findings);
    }

    private static void AddSpans(StoredCell cell, List<TrialOutcome> done, Findings findings)
    {
        List<SamplingSpan> spans = [.. done.Select(outcome => ImportFindings.Span(outcome) ?? Widest(cell, outcome)).Where(span => span.Repetitions > 0)];
        if (spans.Count == 0) return;
        int fewest = spans.Min(span => span.Repetitions);
        if (fewest < cell.MinSamples) findings.Invalid($"only {fewest} repetitions in a trial, at least {cell.MinSamples} asked");
        double shortest = spans.Min(span => span.Seconds);
        if (shortest < Math.Min(cell.MinDuration * SpanTolerance, cell.MinDuration - SpanSlackSeconds))
            findings.Invalid($"a trial sampled for {shortest:0.##} s, at least {cell.MinDuration:0.##} s asked");
    }

    // Sizes and peaks are read once in a trial, as is the load time: they say nothing about how long it sampled.
    private static SamplingSpan Widest(StoredCell cell, TrialOutcome outcome)
    {
        SamplingSpan widest = default;
        foreach (Series series in outcome.Series)
        {
            if (!cell.ExpectedMetrics.Contains(series.Metric) || series.Metric == MetricRegistry.LoadTime.Name) continue;
            if (MetricRegistry.Find(series.Metric) is not { Aggregation: not Aggregation.Max }) continue;
            SamplingSpan span = SamplingSpan.Of(series);
            widest = new SamplingSpan(Math.Max(widest.Repetitions, span.Repetitions), Math.Max(widest.Seconds, span.Seconds));
        }
        return widest;
    }
}
