using System.Net;
using System.Text;
using EdgeBench.Core.Artifacts;
using EdgeBench.Core.Cells;
using EdgeBench.Core.Metrics;
using EdgeBench.Reports.Export;
using EdgeBench.Reports.Model;
using EdgeBench.Reports.Plots;

namespace EdgeBench.Reports.Html;

/// <summary>The parts of the page that need no script. Every foreign text goes through <see cref="Encode"/>.</summary>
internal static class HtmlSections
{
    public static string Encode(string text) => WebUtility.HtmlEncode(text);

    public static string Tiles(ReportModel model)
    {
        (int Count, string What)[] tiles =
        [
            (model.Cells.Count, "planned cells"), (model.Count(Validity.Valid), "valid"), (model.Count(Validity.Semivalid), "semivalid"),
            (model.Count(Validity.Invalid), "invalid"), (model.Run.Excluded.Count, "excluded"),
            (model.Run.Cells.Sum(cell => cell.Trials.Count(trial => trial.Outcome.Failure is null)), "successful trials"),
        ];
        return string.Concat(tiles.Select(tile => $"<li><b>{tile.Count}</b>{tile.What}</li>"));
    }

    public static string Notes(ReportModel model) => string.Concat(model.Notes.Select(note => $"<p class=\"note\">{Encode(note)}</p>"));

    public static (string Html, string Nav) All(ReportContext report)
    {
        StringBuilder html = new();
        List<(string Id, string Title)> nav = [("results", "Results")];
        void Section(string id, string title, string content)
        {
            if (content.Length == 0) return;
            nav.Add((id, title));
            html.Append($"<section id=\"{id}\"><h2>{title}</h2>{content}</section>\n");
        }
        foreach (var kind in report.Figures.Figures.GroupBy(figure => figure.Kind))
            Section(FigureNames.Stem(kind.Key), FigureNames.Words(kind.Key), string.Concat(kind.Select(Figure)));
        Section("items", "Item by item, against the uncompressed artifact", Comparisons(report.Model));
        Section("not-drawn", "Not drawn", List(report.Figures.Statements));
        Section("not-applied", "Not applied", NotApplied(report.Model));
        Section("artifacts", "Artifacts: asked and found", Artifacts(report.Model));
        Section("tensor-errors", "Errors by kind of matrix", TensorErrorTable(report.Model));
        Section("method", "Method and definitions", List(Methods.Lines) + Definitions(report.Model));
        Section("origin", "Origin of the run", Origin(report.Model));
        return (html.ToString(), string.Concat(nav.Select(entry => $"<a href=\"#{entry.Id}\">{entry.Title}</a>")));
    }

    private static string Figure(Figure figure) =>
        $"<figure><div class=\"plot\" tabindex=\"0\" role=\"region\" aria-label=\"{Encode($"{figure.Title}: {figure.Subtitle}")}\">{SvgDocument.Element(figure, figure.Name)}</div>"
        + $"<figcaption>{Encode(figure.Caption)}</figcaption></figure>";

    private static string List(IReadOnlyList<string> lines) =>
        lines.Count == 0 ? "" : $"<ul>{string.Concat(lines.Select(line => $"<li>{Encode(line)}</li>"))}</ul>";

    private static string NotApplied(ReportModel model)
    {
        var groups = model.Cells.SelectMany(cell => cell.NotApplied.Select(what => (what, cell.Stored))).GroupBy(entry => (entry.what, entry.Stored.Model, entry.Stored.Recipe, entry.Stored.Backend));
        string[] rows = [.. groups.Select(group => Row(group.Key.Model, group.Key.Recipe, group.Key.Backend, group.Key.what, $"{group.Count()}"))];
        return rows.Length == 0 ? "" : Table(["model", "recipe", "backend", "what did not take effect", "cells"], rows);
    }

    private static string Artifacts(ReportModel model)
    {
        List<string> rows = [];
        foreach (ReportCell cell in model.Cells.Where(cell => cell.Stored.Artifact is not null).DistinctBy(cell => (cell.Stored.Artifact!.Id, cell.Stored.Model, cell.Stored.Recipe)))
        {
            ArtifactDescription artifact = cell.Stored.Artifact!;
            string types = string.Join(", ", artifact.Types.Select(type => $"{type.Type} in {type.Tensors} tensors ({MetricText.Bytes(type.Bytes)})"));
            string asked = string.Join("; ", artifact.Readback.Select(readback => $"{readback.Pass}: {readback.Asked}"));
            string found = string.Join("; ", artifact.Readback.Select(readback => readback.Found));
            rows.Add(Row(cell.Stored.Model, cell.Stored.Recipe, $"{artifact.Architecture}, {artifact.Parameters / 1e6:0.0} M parameters", MetricText.Bytes(artifact.WeightBytes), types,
                asked.Length > 0 ? asked : "nothing (as stored)", found, cell.Applied switch { Applied.Fully => "fully", Applied.Partly => "partly", _ => "not applied" }));
        }
        return rows.Count == 0 ? "" : Table(["model", "recipe", "architecture", "weights", "tensor types", "asked", "found", "applied"], rows);
    }

    private static string Comparisons(ReportModel model)
    {
        string tables = string.Concat(model.Comparisons.All.GroupBy(row => (row.Cell.Stored.Model, row.Cell.Stored.Device, row.Cell.Stored.Tier, row.Cell.Stored.Workload, row.Reference.Stored.Recipe))
            .Select(task => $"<h3>{Encode($"{task.Key.Model} on {task.Key.Device}, {task.Key.Workload}, against {task.Key.Recipe}")}</h3>{Table(ItemComparison.Heads, task.Select(row => Row(row.Fields)))}"));
        return tables + List(model.Comparisons.Statements);
    }

    private static string TensorErrorTable(ReportModel model)
    {
        string[] rows = [.. TensorErrors.ByKind(model).Select(row => Row(row.Fields))];
        return rows.Length == 0 ? "" : Table(TensorErrorRow.Heads, rows);
    }

    private static string Definitions(ReportModel model) => model.Metrics.Count == 0 ? ""
        : $"<dl>{string.Concat(model.Metrics.Select(Definition))}</dl>";

    private static string Definition(Metric metric) =>
        $"<dt>{Encode(MetricText.Heading(metric))}</dt><dd>{Encode(metric.Definition)} <small>({MetricText.Direction(metric)})</small></dd>";

    private static string Origin(ReportModel model) =>
        $"<dl>{string.Concat(RunFacts.Of(model).Select(fact => $"<dt>{Encode(fact.What)}</dt><dd>{Encode(fact.Value)}</dd>"))}</dl>";

    private static string Table(IReadOnlyList<string> heads, IEnumerable<string> rows) =>
        $"<div class=\"scroll\" tabindex=\"0\"><table><thead><tr>{string.Concat(heads.Select(head => $"<th scope=\"col\">{head}</th>"))}</tr></thead><tbody>{string.Concat(rows)}</tbody></table></div>";

    private static string Row(params string[] fields) => $"<tr>{string.Concat(fields.Select(field => $"<td>{Encode(field)}</td>"))}</tr>";
}
