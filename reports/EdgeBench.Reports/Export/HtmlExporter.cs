using System.Text;
using EdgeBench.Core.IO;
using EdgeBench.Reports.Html;
using EdgeBench.Reports.Model;
using EdgeBench.Reports.Plots;

namespace EdgeBench.Reports.Export;

/// <summary><c>report.html</c>: one page with everything inside; it asks nothing of any server.</summary>
public sealed class HtmlExporter : IExporter
{
    public string Name => "html";

    public IReadOnlyList<string> Export(ReportContext report, string folder)
    {
        ArgumentNullException.ThrowIfNull(report);
        string path = Path.Combine(folder, "report.html");
        AtomicFile.WriteText(path, Page(report));
        return [path];
    }

    private static string Page(ReportContext report)
    {
        ReportModel model = report.Model;
        (string sections, string nav) = HtmlSections.All(report);
        string devices = string.Join(", ", model.Run.Devices.Select(device => $"{device.Key}: {device.Value.Processor}"));
        string[] models = [.. model.Run.Cells.Select(cell => cell.Model).Distinct()];
        string only = models.Length == 1 ? $"model {models[0]} · " : "";
        return Fill(Resources.Text("page.html"), new Dictionary<string, string>
        {
            ["title"] = HtmlSections.Encode(model.Run.Name),
            ["subtitle"] = HtmlSections.Encode($"{only}{model.Run.StartedAt:yyyy-MM-dd HH:mm} UTC · {devices}"),
            ["description"] = model.Run.Description is { Length: > 0 } text ? $"<p>{HtmlSections.Encode(text)}</p>" : "",
            ["tiles"] = HtmlSections.Tiles(model),
            ["notes"] = HtmlSections.Notes(model),
            ["nav"] = nav,
            ["sections"] = sections,
            ["footer"] = HtmlSections.Encode($"EdgeBench report of {model.Run.Path}, last change {model.Run.UpdatedAt:yyyy-MM-dd HH:mm} UTC."),
            ["data"] = HtmlTable.Json(model),
            ["fonts"] = PlotFont.FontFaces,
            ["css"] = Resources.Text("page.css"),
            ["js"] = Resources.Text("page.js"),
        });
    }

    // In one pass, so that a name which looks like a placeholder stays a name.
    private static string Fill(string template, Dictionary<string, string> values)
    {
        StringBuilder page = new();
        int at = 0;
        for (int open = template.IndexOf("{{", StringComparison.Ordinal); open >= 0; open = template.IndexOf("{{", at, StringComparison.Ordinal))
        {
            int close = template.IndexOf("}}", open, StringComparison.Ordinal);
            page.Append(template, at, open - at).Append(values[template[(open + 2)..close]]);
            at = close + 2;
        }
        return page.Append(template, at, template.Length - at).ToString();
    }
}
