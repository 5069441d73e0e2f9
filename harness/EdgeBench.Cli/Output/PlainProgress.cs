using EdgeBench.Core.Cells;
using EdgeBench.Core.Metrics;
using EdgeBench.Core.Trials;
using EdgeBench.Running.Execution;

namespace EdgeBench.Cli.Output;

/// <summary>One line per event, for logs and pipes.</summary>
internal sealed class PlainProgress(TextWriter writer) : IRunProgress
{
    private readonly Lock _gate = new();
    private string _preparing = "";

    public void On(RunEvent happened)
    {
        lock (_gate)
        {
            switch (happened)
            {
                case PlanStands plan:
                    writer.WriteLine($"{plan.Plan.Cells.Count} cells, {plan.Plan.Excluded.Count} excluded; {plan.Trials} trials, {plan.Already} already measured");
                    break;
                case Preparing preparing when preparing.What != _preparing:
                    _preparing = preparing.What;
                    writer.WriteLine($"preparing {preparing.What}");
                    break;
                case Notice notice:
                    writer.WriteLine($"{(notice.Warning ? "warning" : "note")}: {notice.Text}");
                    break;
                case TrialEnded ended:
                    writer.WriteLine($"[{ended.Position}/{ended.Total}] {ended.CellId} session {ended.Session + 1}: {Describe(ended)}; {RunProgress.Duration(ended.Remaining)} left");
                    break;
            }
        }
    }

    public void Dispose() => writer.Flush();

    /// <summary>An outcome in a few words: its headline figures, or its failure.</summary>
    public static string Describe(TrialEnded ended)
    {
        TrialOutcome outcome = ended.Outcome;
        if (outcome.Failure is { } failure) return $"{failure.Kind}: {failure.Message}";
        Metric[] headline = ended.Tier == Tier.Emulated ? [] : [MetricRegistry.PrefillRate, MetricRegistry.DecodeRate];
        List<string> parts = [];
        foreach (Metric metric in headline)
        {
            if (outcome.Series.FirstOrDefault(series => series.Metric == metric.Name) is { Values.Length: > 0 } series)
                parts.Add($"{metric.Label} {series.Values.Order().ElementAt(series.Values.Length / 2).ToString(metric.Format)} {metric.Unit}");
        }
        if (outcome.Series.FirstOrDefault(series => series.Metric == MetricRegistry.TokenNll.Name) is { Values.Length: > 0 } losses)
            parts.Add($"{MetricRegistry.Perplexity.Label} {Math.Exp(losses.Values.Average()).ToString(MetricRegistry.Perplexity.Format)}");
        return parts.Count > 0 ? string.Join(", ", parts) : ended.Tier == Tier.Emulated ? "works; emulated, so without a speed" : "measured";
    }
}
