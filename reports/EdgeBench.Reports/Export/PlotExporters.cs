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
        string plots = Path.Combine(folder, "plots");
        List<string> written = [];
        foreach (Figure figure in report.Figures.Figures)
        {
            string path = Path.Combine(plots, $"{figure.Name}.{extension}");
            byte[] bytes = draw(figure);
            AtomicFile.Write(path, stream => stream.Write(bytes));
            written.Add(path);
        }
        if (Directory.Exists(plots)) RemoveOld(plots, extension, written);
        return written;
    }

    // A figure of an earlier report that this one has not would be taken for one of this run's.
    private static void RemoveOld(string plots, string extension, List<string> written)
    {
        foreach (FigureKind kind in Enum.GetValues<FigureKind>())
        {
            string stem = FigureNames.Stem(kind) + "-";
            foreach (string path in Directory.GetFiles(plots, $"{stem}*.{extension}"))
            {
                bool ours = int.TryParse(Path.GetFileNameWithoutExtension(path)[stem.Length..], out _);
                if (ours && !written.Contains(path)) File.Delete(path);
            }
        }
    }
}
