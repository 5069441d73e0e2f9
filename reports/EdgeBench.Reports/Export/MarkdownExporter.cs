namespace EdgeBench.Reports.Export;

public sealed class MarkdownExporter : IExporter
{
    public string Name => "md";

    public IReadOnlyList<string> Export(ReportContext report, string folder) => [];
}
