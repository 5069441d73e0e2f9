using System.Text;
using EdgeBench.Core.IO;
using EdgeBench.Reports.Plots;

namespace EdgeBench.Reports.Export;

/// <summary>Every figure as <c>plots/&lt;name&gt;.png</c>, 1,800 pixels wide.</summary>
public sealed class PngExporter : IExporter
{
    public string Name => "png";

    public IReadOnlyList<string> Export(ReportContext report, string folder) => PlotFiles.Write(report, folder, Name, FigureRenderer.Png);
}

/// <summary>Every figure as <c>plots/&lt;name&gt;.svg</c> with its typeface inside.</summary>
public sealed class SvgExporter : IExporter
{
    public string Name => "svg";

    public IReadOnlyList<string> Export(ReportContext report, string folder) =>
        PlotFiles.Write(report, folder, Name, figure => Encoding.UTF8.GetBytes(SvgDocument.File(figure)));
}

internal static class PlotFiles
{
    public static IReadOnlyList<string> Write(ReportContext report, string folder, string extension, Func<Figure, byte[]> draw)
    {
        ArgumentNullException.ThrowIfNull(report);
        return
        [
            .. report.Figures.Figures.Select(figure =>
            {
                string path = Path.Combine(folder, "plots", $"{figure.Name}.{extension}");
                byte[] bytes = draw(figure);
                AtomicFile.Write(path, stream => stream.Write(bytes));
                return path;
            }),
        ];
    }
}
