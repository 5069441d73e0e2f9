using EdgeBench.Core.Runs;
using EdgeBench.Reports.Export;
using EdgeBench.Reports.Model;
using EdgeBench.Reports.Plots;
using EdgeBench.Testing;

namespace EdgeBench.Reports.Tests;

public class MeteredReportTests
{
    [Fact]
    public void Inferences_are_drawn_from_readings_or_from_what_the_program_tells()
    {
        Figure figure = Assert.Single(Figures(MeteredRuns.Inferences()), figure => figure.Kind == FigureKind.Inference);
        Assert.Equal(("inference-latency-1", "Inference latency (lower is better)"), (figure.Name, figure.Title));
        Assert.Contains("fp16 · trtexec p50 2.00", figure.Alt, StringComparison.Ordinal);
        Assert.Contains("int8 · coral mean 2.600, p50 2.450, p95 3.100", figure.Alt, StringComparison.Ordinal);
        Assert.Contains("fp16 · ort mean 4.200, p50 4.100, p90 4.600, p95 4.800, p99 5.900", figure.Alt, StringComparison.Ordinal);
        Assert.Contains("fp16 · coral no figure", figure.Alt, StringComparison.Ordinal);
        Assert.Contains("mean that the program tells", figure.Key.Select(entry => entry.Text));
        // Beside its line only what there is room for.
        Assert.Contains("mean 4.200, p50 4.100, p99 5.900", SvgDocument.File(figure), StringComparison.Ordinal);
    }

    [Fact]
    public void Every_inference_is_a_distribution_in_tables_too()
    {
        string text = MarkdownExporter.Text(new ReportContext(ReportModel.From(MeteredRuns.Inferences())));
        Assert.Contains("inference (ms) p50 / p90 / p99", text, StringComparison.Ordinal);
        Assert.Contains("inference mean (ms)", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Where_a_meter_ran_energy_and_power_are_drawn_and_a_cell_without_a_figure_says_why()
    {
        Figure[] figures = Figures(MeteredRuns.Tokens());
        Assert.Equal(["J/token (wall): lower is better", "J/inference (wall): lower is better", "Power (wall), mean and peak: lower is better"],
            figures.Where(figure => figure.Kind is FigureKind.Energy or FigureKind.InferenceEnergy or FigureKind.Power).Select(figure => figure.Title));
        Figure power = Assert.Single(figures, figure => figure.Kind == FigureKind.Power);
        Assert.Contains("fp16 mean 6.161, peak 8.540", power.Alt, StringComparison.Ordinal);
        Assert.Contains("int4-gptq no figure", power.Alt, StringComparison.Ordinal);
        // The cell without a meter has no place in it.
        Assert.DoesNotContain("int4 ", power.Alt, StringComparison.Ordinal);
        foreach (FigureKind kind in new[] { FigureKind.Energy, FigureKind.InferenceEnergy, FigureKind.Power })
            Assert.Contains("lie in gaps", SvgDocument.File(Assert.Single(figures, figure => figure.Kind == kind)), StringComparison.Ordinal);
    }

    [Fact]
    public void Every_format_holds_the_meters_figures()
    {
        using TemporaryFolder folder = new();
        ExporterRegistry.Write(MeteredRuns.Tokens(), ["md", "csv", "html"], folder.Path);
        string cells = File.ReadAllText(folder.File("cells.csv")), markdown = File.ReadAllText(folder.File("report.md")), html = File.ReadAllText(folder.File("report.html"));
        foreach (string metric in new[] { "energy_per_token_wall_J", "energy_per_inference_wall_J", "mean_power_wall_W", "peak_power_wall_W" }) Assert.Contains(metric, cells, StringComparison.Ordinal);
        foreach (string heading in new[] { "J/token (wall)", "J/inference (wall)", "mean power (wall)", "peak power (wall)" })
        {
            Assert.Contains(heading, markdown, StringComparison.Ordinal);
            Assert.Contains(heading, html, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Minutes_of_a_sustained_workload_are_drawn_over_time()
    {
        Figure figure = Assert.Single(Figures(MeteredRuns.Sustained()), figure => figure.Kind == FigureKind.Timeline);
        Assert.Equal("Samples over time: sustained (tok/s)", figure.Title);
        Assert.StartsWith("Every minute at the time it ended", figure.Caption, StringComparison.Ordinal);
    }

    private static Figure[] Figures(StoredRun run) => [.. new ReportContext(ReportModel.From(run)).Figures.Figures];
}
