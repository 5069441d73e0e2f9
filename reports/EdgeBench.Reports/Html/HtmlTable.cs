using System.Text.Json;
using EdgeBench.Core.Cells;
using EdgeBench.Core.Metrics;
using EdgeBench.Core.Runs;
using EdgeBench.Reports.Model;

namespace EdgeBench.Reports.Html;

/// <summary>
/// The results table as data for the page's script: columns <c>{t: title, u: unit, n: numeric, d: high first, g: views, chip, r: reasons}</c>; cells are
/// texts or <c>{t: text, v: sort value, s: small text, b: best, c: badge class}</c>; each row is of a kind, and a view shows kinds and columns; a row's standing (tiers, then what is
/// not ranked) goes before its number when the table is sorted by a figure.
/// </summary>
internal sealed class HtmlTable
{
    private static readonly HashSet<string> s_hidden = [MetricRegistry.PeakPss.Name, MetricRegistry.FileBytes.Name, MetricRegistry.EndToEnd.Name];

    // Behind every tier: a table sorted by a figure keeps ranked cells of the real device first.
    private static readonly int Unranked = Enum.GetValues<Tier>().Length;

    private readonly ReportModel _model;
    private readonly Metric[] _metrics;
    private readonly bool _models, _devices, _tiers, _workloads;

    private HtmlTable(ReportModel model)
    {
        _model = model;
        _metrics = [.. model.Metrics.Where(metric => !s_hidden.Contains(metric.Name))];
        _models = model.Run.Cells.Select(cell => cell.Model).Concat(model.Run.Excluded.Select(cell => cell.Model)).Distinct().Skip(1).Any();
        _devices = Several(cell => cell.Device);
        _tiers = Several(cell => $"{cell.Tier}");
        _workloads = model.Run.Cells.Select(cell => (cell.Model, cell.Recipe, cell.Backend, cell.Device, cell.Threads, cell.Test)).Distinct().Count() < model.Cells.Count;
    }

    /// <summary>JSON that is safe inside a script element: the default encoder escapes &lt;, &gt;, &amp; and quotes.</summary>
    public static string Json(ReportModel model)
    {
        HtmlTable table = new(model);
        object?[][] rows = [.. model.Cells.Select(table.Row), .. model.Run.Excluded.Select(table.Row)];
        int[] standing = [.. model.Cells.Select(cell => cell.IsRanked ? (int)cell.Stored.Tier : Unranked), .. model.Run.Excluded.Select(_ => Unranked)];
        string[] kinds = [.. model.Cells.Select(cell => cell.Stored.IsQuality ? "quality" : "speed"), .. model.Run.Excluded.Select(_ => "excluded")];
        return JsonSerializer.Serialize(new { columns = table.Columns(), rows, standing, unranked = Unranked, kinds, views = table.Views(kinds) });
    }

    private bool Several(Func<StoredCell, string> part) => _model.Run.Cells.Select(part).Distinct().Skip(1).Any();

    private List<object> Views(string[] kinds)
    {
        List<object> views = [];
        if (kinds.Contains("speed"))
        {
            foreach ((string view, string title) in (ReadOnlySpan<(string, string)>)[("speed", "Speed"), ("sustained", "Sustained"), ("kernels", "Kernels"), ("memory", "Memory"), ("energy", "Energy")])
            {
                if (_metrics.Any(metric => Groups(metric).Contains(view))) views.Add(new { id = view, t = title, kinds = (string[])["speed", "excluded"] });
            }
        }
        if (kinds.Contains("quality") && _metrics.Any(metric => Groups(metric).Contains("quality") && !Groups(metric).Contains("memory"))) views.Add(new { id = "quality", t = "Quality", kinds = (string[])["quality", "excluded"] });
        views.Add(new { id = "all", t = "All", kinds = (string[])["speed", "quality", "excluded"] });
        return views;
    }

    private static string[] Groups(Metric metric) =>
        [.. MetricTable.All.Where(table => table.Metrics.Contains(metric)).Select(table => table.View)];

    private List<object> Columns()
    {
        List<object> columns = _models ? [new { t = "model", chip = true }] : [];
        columns.AddRange([new { t = "recipe", chip = true }, new { t = "backend", chip = true }]);
        if (_devices) columns.Add(new { t = "device", chip = true });
        if (_tiers) columns.Add(new { t = "tier", chip = true });
        if (_workloads) columns.Add(new { t = "workload" });
        columns.Add(new { t = "test", chip = true });
        columns.Add(new { t = "threads", n = true });
        columns.Add(new { t = "validity", chip = true });
        columns.Add(new { t = "applied", chip = true });
        foreach (Metric metric in _metrics)
        {
            string unit = metric.Aggregation == Aggregation.Distribution ? $"{MetricText.Unit(metric)}, p50 / p90 / p99" : MetricText.Unit(metric);
            columns.Add(new { t = metric.Label, u = unit, n = true, d = metric.Direction == Direction.HigherIsBetter, g = Groups(metric) });
        }
        columns.Add(new { t = "reasons", r = true });
        return columns;
    }

    private object?[] Row(ReportCell cell)
    {
        StoredCell stored = cell.Stored;
        List<object?> row = _models ? [stored.Model, stored.Recipe, stored.Backend] : [stored.Recipe, stored.Backend];
        if (_devices) row.Add(stored.Device);
        if (_tiers) row.Add(Word(stored.Tier));
        if (_workloads) row.Add(stored.Workload);
        row.Add(stored.Test);
        row.Add(new { t = $"{stored.Threads}", v = stored.Threads });
        row.Add(Badge(Word(cell.Verdict.Validity)));
        row.Add(Badge(Applied(cell)));
        row.AddRange(_metrics.Select(metric => Figure(cell, metric)));
        row.Add(string.Join("; ", cell.Verdict.Reasons));
        return [.. row];
    }

    private object?[] Row(StoredExclusion cell)
    {
        List<object?> row = _models ? [cell.Model, cell.Recipe, cell.Backend] : [cell.Recipe, cell.Backend];
        if (_devices) row.Add(cell.Device);
        if (_tiers) row.Add("");
        if (_workloads) row.Add(cell.Workload);
        row.Add(_workloads ? "" : cell.Workload);
        row.Add("");
        row.Add(Badge("excluded"));
        row.Add("");
        row.AddRange(_metrics.Select(_ => (object?)""));
        row.Add(cell.Reason);
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

    private static object Badge(string text) => new { t = text, v = text, c = text.Replace(' ', '-') };

    private static string Applied(ReportCell cell)
    {
        if (cell.OptionsNotApplied) return "not applied";
        return cell.Applied switch
        {
            Core.Artifacts.Applied.Fully => "fully",
            Core.Artifacts.Applied.Partly => "partly",
            Core.Artifacts.Applied.NotApplied => "not applied",
            _ => "no artifact",
        };
    }

    private static string Word<T>(T value) where T : notnull => value.ToString()!.ToLowerInvariant();
}
