using System.Text.Json;
using EdgeBench.Core.Artifacts;
using EdgeBench.Core.Metrics;
using EdgeBench.Core.Runs;
using EdgeBench.Reports.Model;

namespace EdgeBench.Reports.Html;

/// <summary>
/// The results table as data for the page's script: columns <c>{t: title, u: unit, n: numeric, d: high first, chip, state}</c>; cells are texts or
/// <c>{t: text, v: sort value, s: small text, b: best, c: badge class}</c>.
/// </summary>
internal sealed class HtmlTable
{
    private static readonly HashSet<string> s_hidden = [MetricRegistry.PeakPss.Name, MetricRegistry.FileBytes.Name, MetricRegistry.EndToEnd.Name];

    private readonly ReportModel _model;
    private readonly Metric[] _metrics;
    private readonly bool _devices, _tiers, _workloads;

    private HtmlTable(ReportModel model)
    {
        _model = model;
        _metrics = [.. model.Metrics.Where(metric => !s_hidden.Contains(metric.Name))];
        _devices = Several(cell => cell.Device);
        _tiers = Several(cell => $"{cell.Tier}");
        _workloads = model.Run.Cells.Select(cell => (cell.Model, cell.Recipe, cell.Backend, cell.Device, cell.Threads, cell.Test)).Distinct().Count() < model.Cells.Count;
    }

    /// <summary>JSON that is safe inside a script element: the default encoder escapes &lt;, &gt;, &amp; and quotes.</summary>
    public static string Json(ReportModel model)
    {
        HtmlTable table = new(model);
        object?[][] rows = [.. model.Cells.Select(table.Row), .. model.Run.Excluded.Select(table.Row)];
        bool[] unranked = [.. model.Cells.Select(cell => !cell.IsRanked), .. model.Run.Excluded.Select(_ => true)];
        return JsonSerializer.Serialize(new { columns = table.Columns(), rows, unranked });
    }

    private bool Several(Func<StoredCell, string> part) => _model.Run.Cells.Select(part).Distinct().Skip(1).Any();

    private List<object> Columns()
    {
        List<object> columns = [new { t = "model", chip = true }, new { t = "recipe", chip = true }, new { t = "backend", chip = true }];
        if (_devices) columns.Add(new { t = "device", chip = true });
        if (_tiers) columns.Add(new { t = "tier", chip = true });
        if (_workloads) columns.Add(new { t = "workload" });
        columns.Add(new { t = "test", chip = true });
        columns.Add(new { t = "threads", n = true });
        foreach (Metric metric in _metrics)
        {
            string unit = metric.Aggregation == Aggregation.Distribution ? $"{MetricText.Unit(metric)}, p50 / p90 / p99" : MetricText.Unit(metric);
            columns.Add(new { t = metric.Label, u = unit, n = true, d = metric.Direction == Direction.HigherIsBetter });
        }
        columns.Add(new { t = "applied", chip = true, state = true });
        columns.Add(new { t = "validity", chip = true, state = true });
        return columns;
    }

    private object?[] Row(ReportCell cell)
    {
        StoredCell stored = cell.Stored;
        List<object?> row = [stored.Model, stored.Recipe, stored.Backend];
        if (_devices) row.Add(stored.Device);
        if (_tiers) row.Add(Word(stored.Tier));
        if (_workloads) row.Add(stored.Workload);
        row.Add(stored.Test);
        row.Add(new { t = $"{stored.Threads}", v = stored.Threads });
        row.AddRange(_metrics.Select(metric => Figure(cell, metric)));
        row.Add(AppliedCell(cell));
        string validity = Word(cell.Verdict.Validity);
        row.Add(new { t = validity, v = validity, c = validity, s = Reasons(cell.Verdict.Reasons) });
        return [.. row];
    }

    private object?[] Row(StoredExclusion cell)
    {
        List<object?> row = [cell.Model, cell.Recipe, cell.Backend];
        if (_devices) row.Add(cell.Device);
        if (_tiers) row.Add("");
        if (_workloads) row.Add(cell.Workload);
        row.Add(_workloads ? "" : cell.Workload);
        row.Add("");
        row.AddRange(_metrics.Select(_ => (object?)""));
        row.Add("");
        row.Add(new { t = "excluded", v = "excluded", c = "excluded", s = cell.Reason });
        return [.. row];
    }

    private object Figure(ReportCell cell, Metric metric)
    {
        if (cell.Find(metric) is not { } estimate) return Reportable.Reading(metric, cell.Stored.Tier) || !cell.Stored.ExpectedMetrics.Contains(metric.Name) ? "" : "not reported";
        bool best = _model.Ranking.IsBest(cell, metric);
        double value = metric.Unit == "B" ? estimate.Value / (1 << 20) : estimate.Value;
        if (metric.Aggregation == Aggregation.Distribution) return new { t = MetricText.Percentiles(estimate), v = value, b = best, s = "" };
        string text = MetricText.Number(metric, estimate.Value), whole = MetricText.WithInterval(estimate);
        return new { t = text, v = value, b = best, s = whole.Length > text.Length ? whole[text.Length..].Trim() : "" };
    }

    private static object AppliedCell(ReportCell cell)
    {
        string small = string.Join("; ", cell.NotApplied);
        if (cell.Stored.Trials.Any(trial => trial.Outcome.Warnings.Count > 0)) return new { t = "not applied", v = "not applied", c = "not-applied", s = small };
        return cell.Applied switch
        {
            Applied.Fully => new { t = "fully", v = "fully", c = "fully", s = small },
            Applied.Partly => new { t = "partly", v = "partly", c = "partly", s = small },
            Applied.NotApplied => new { t = "not applied", v = "not applied", c = "not-applied", s = small },
            _ => new { t = "no artifact", v = "no artifact", c = "invalid", s = small },
        };
    }

    private static string Reasons(IReadOnlyList<string> reasons) => string.Join("; ", reasons);

    private static string Word<T>(T value) where T : notnull => value.ToString()!.ToLowerInvariant();
}
