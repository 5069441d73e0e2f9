using EdgeBench.Core.Cells;
using EdgeBench.Core.IO;
using EdgeBench.Core.Runs;
using EdgeBench.Reports.Model;

namespace EdgeBench.Reports.Export;

/// <summary><c>report.md</c>: what ran, a table of figures for each model, what is missing and why, definitions.</summary>
public sealed class MarkdownExporter : IExporter
{
    public string Name => "md";

    public IReadOnlyList<string> Export(ReportContext report, string folder)
    {
        ArgumentNullException.ThrowIfNull(report);
        string path = Path.Combine(folder, "report.md");
        AtomicFile.WriteText(path, Text(report));
        return [path];
    }

    internal static string Text(ReportContext report)
    {
        ReportModel model = report.Model;
        MarkdownText text = new();
        Head(text, model);
        Footnotes reasons = new();
        foreach (var section in model.Cells.GroupBy(cell => (cell.Stored.Model, cell.Stored.Device, cell.Stored.Tier)))
        {
            string tier = section.Key.Tier.ToString().ToLowerInvariant();
            text.Line($"## {MarkdownText.Escape(section.Key.Model)} on {MarkdownText.Escape(section.Key.Device)} ({tier})");
            text.Line();
            foreach (MetricTable table in MetricTable.All)
            {
                // Tests hold different metrics: one table for all would be half empty.
                foreach (var test in section.GroupBy(cell => table.View is "speed" or "quality" ? cell.Stored.Test : ""))
                    MarkdownTables.Cells(text, model, table, [.. test], reasons);
            }
            MarkdownTables.Comparisons(text, model, [.. section]);
        }
        if (reasons.All.Count > 0)
        {
            text.Line("## Reasons");
            text.Line();
            for (int i = 0; i < reasons.All.Count; i++) text.Line($"{i + 1}. {MarkdownText.Escape(reasons.All[i])}");
            text.Line();
        }
        foreach (string statement in model.Comparisons.Statements) text.Line($"> {MarkdownText.Escape(statement)}\n");
        MarkdownTables.NotMeasured(text, model);
        MarkdownTables.Artifacts(text, model);
        MarkdownTables.Errors(text, model);
        Figures(text, report);
        Definitions(text, model);
        return text.ToString().TrimEnd('\n') + "\n";
    }

    private static void Head(MarkdownText text, ReportModel model)
    {
        StoredRun run = model.Run;
        text.Line($"# {MarkdownText.Escape(run.Name)}");
        text.Line();
        if (run.Description is { Length: > 0 } description) text.Line($"{MarkdownText.Escape(description)}\n");
        text.Line($"{model.Cells.Count} planned cells: {model.Count(Validity.Valid)} valid, {model.Count(Validity.Semivalid)} semivalid, "
            + $"{model.Count(Validity.Invalid)} invalid; {run.Excluded.Count} excluded. Started {run.StartedAt:yyyy-MM-dd HH:mm} UTC, last change {run.UpdatedAt:yyyy-MM-dd HH:mm} UTC.");
        text.Line();
        foreach (string note in model.Notes) text.Line($"> {MarkdownText.Escape(note)}\n");
        text.Table(["what", "value"], [false, false], RunFacts.Of(model).Select(fact => (IReadOnlyList<string>)[MarkdownText.Escape(fact.What), MarkdownText.Escape(fact.Value)]));
    }

    private static void Figures(MarkdownText text, ReportContext report)
    {
        text.Line("## Figures");
        text.Line();
        text.Line("Written by the formats `png` and `svg` into `plots/`, and inside `report.html`.");
        text.Line();
        foreach (var figure in report.Figures.Figures) text.Line($"- `plots/{figure.Name}`: {MarkdownText.Escape(figure.Title)}: {MarkdownText.Escape(figure.Subtitle)}");
        foreach (string statement in report.Figures.Statements) text.Line($"- {MarkdownText.Escape(statement)}");
        text.Line();
    }

    private static void Definitions(MarkdownText text, ReportModel model)
    {
        text.Line("## How to read the figures");
        text.Line();
        foreach (string line in Methods.Lines) text.Line($"- {line}");
        text.Line();
        if (model.Metrics.Count == 0) return;
        text.Table(["metric", "unit", "", "definition"], [false, false, false, false], model.Metrics.Select(metric => (IReadOnlyList<string>)
            [metric.Label, MetricText.Unit(metric), MetricText.Direction(metric), MarkdownText.Escape(metric.Definition)]));
    }
}
