using EdgeBench.Reports.Model;
using EdgeBench.Reports.Plots;

namespace EdgeBench.Reports.Export;

/// <summary>A format of reports. Seam: implement, add to <see cref="ExporterRegistry"/>.</summary>
public interface IExporter
{
    /// <summary>What <c>--format</c> calls it.</summary>
    string Name { get; }

    /// <summary>Writes its files into a folder, each whole or not at all, and returns their paths.</summary>
    IReadOnlyList<string> Export(ReportContext report, string folder);
}

/// <summary>What every exporter works from, so that figures are computed once.</summary>
public sealed class ReportContext(ReportModel model)
{
    private readonly Lazy<FigureSet> _figures = new(() => FigureSet.Of(model));

    public ReportModel Model { get; } = model;

    public FigureSet Figures => _figures.Value;
}
