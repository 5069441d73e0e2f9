namespace EdgeBench.Reports.Export;

public sealed class HtmlExporter : IExporter
{
    public string Name => "html";

    public IReadOnlyList<string> Export(ReportContext report, string folder) => [];
}
