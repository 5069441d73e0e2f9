using System.Xml.Linq;
using EdgeBench.Core.Cells;
using EdgeBench.Core.Runs;
using EdgeBench.Reports.Export;
using EdgeBench.Reports.Model;
using EdgeBench.Reports.Plots;
using EdgeBench.Testing;

namespace EdgeBench.Reports.Tests;

public class RooflineTests
{
    private static readonly ReportModel s_model = ReportModel.From(KernelRuns.Sample());

    [Fact]
    public void Only_products_from_memory_stand_under_roofs() =>
        Assert.Equal(["product"], Rooflines.Drawn(s_model.Cells).Select(cell => cell.Stored.Workload).Distinct());

    [Fact]
    public void Roofs_are_the_best_probes_beside_the_kernels() => Assert.Equal(
        [new Roof("read", "read", KernelRuns.Read), new Roof("int8", "int8 avx512-vnni", KernelRuns.Int8), new Roof("f32", "f32 avx512", KernelRuns.F32)],
        Rooflines.Of([.. Rooflines.Drawn(s_model.Cells)]));

    [Fact]
    public void A_point_stands_where_its_operations_and_bytes_put_it()
    {
        ReportCell cell = Rooflines.Drawn(s_model.Cells).Single(cell => cell.Stored is { Recipe: "q4_0", Test: "576x1536 n1" });
        Assert.Equal(2 * 884_736 / ((884_736 * 0.5625) + 3000), Rooflines.Intensity(cell), 1e-6);
    }

    [Fact]
    public void A_run_of_kernels_has_a_roofline_and_no_other_figure()
    {
        FigureSet figures = FigureSet.Of(s_model);
        Figure figure = Assert.Single(figures.Figures);
        Assert.Equal((FigureKind.Roofline, "roofline-1", "smollm2-135m · avx512-vnni · 1 thread · device local · tier measured"), (figure.Kind, figure.Name, figure.Subtitle));
        Assert.Empty(figures.Statements);
        Assert.Equal(["q8_0", "q4_0", "f16", "few rows (decode)", "many rows (prefill)"], figure.Key.Select(entry => entry.Text));
        Assert.StartsWith("GOP/s over operations for each byte. Roofs: read 32 GB/s, int8 avx512-vnni 480 GOP/s, f32 avx512 120 GOP/s. q8_0 576x192 n1: ", figure.Alt, StringComparison.Ordinal);
    }

    [Fact]
    public void Formats_that_one_figure_could_not_tell_apart_are_in_several()
    {
        ReportCell[] cells = [.. Enumerable.Range(0, 8).SelectMany(i => Rooflines.Drawn(s_model.Cells).Take(2).Select(cell => cell with { Stored = cell.Stored with { Recipe = $"f{i}" } }))];
        Assert.Equal([12, 4], Rooflines.ByFormats(cells).Select(page => page.Count));
    }

    [Fact]
    public void No_label_covers_another_or_leaves_the_picture()
    {
        string svg = SvgDocument.File(FigureSet.Of(s_model).Figures[0]);
        (double X, double Y, string Text)[] labels =
        [
            // Skia writes a text once more for its outline.
            .. XDocument.Parse(svg).Descendants().Where(element => element.Name.LocalName == "text" && element.Value.Contains(" n", StringComparison.Ordinal))
                .Select(element => (First(element, "transform") + First(element, "x"), Second(element, "transform"), element.Value.Trim())).Distinct(),
        ];
        Assert.NotEmpty(labels);
        for (int i = 0; i < labels.Length; i++)
        {
            float width = PlotFont.Measure(labels[i].Text, PlotFactory.TickSize);
            Assert.InRange(labels[i].X, 0, Figure.Width - width);
            for (int j = 0; j < i; j++)
            {
                bool apart = labels[j].X >= labels[i].X + width || labels[i].X >= labels[j].X + PlotFont.Measure(labels[j].Text, PlotFactory.TickSize) || Math.Abs(labels[i].Y - labels[j].Y) >= PlotFactory.TickSize;
                Assert.True(apart, $"'{labels[i]}' covers '{labels[j]}'");
            }
        }
    }

    [Fact]
    public void More_than_its_roof_is_not_valid()
    {
        StoredCell cell = Rooflines.Drawn(s_model.Cells).First().Stored;
        StoredTrial trial = cell.Trials[0];
        StoredCell beyond = cell with { Trials = [trial with { Outcome = trial.Outcome with { Series = [.. trial.Outcome.Series.Select(series => series.Metric == "roof_share" ? series with { Values = [1.2, 1.3, 1.4] } : series)] } }] };
        ReportCell judged = ReportCell.From(beyond, null);
        Assert.Equal(Validity.Semivalid, judged.Verdict.Validity);
        Assert.Contains(judged.Verdict.Reasons, reason => reason.StartsWith("it reached 1.30 of its roof", StringComparison.Ordinal));
    }

    [Fact]
    public void Tables_of_kernels_show_what_they_reach_of_their_roof() => Snapshot.Matches("kernels.md", MarkdownExporter.Text(new ReportContext(s_model)));

    // Skia moves a text to its point, and writes its letters' places from there.
    private static double First(XElement element, string attribute) => Numbers(element, attribute)[0];

    private static double Second(XElement element, string attribute) => Numbers(element, attribute)[1];

    private static double[] Numbers(XElement element, string attribute) =>
        [.. ((string)element.Attribute(attribute)!).Replace("translate(", "", StringComparison.Ordinal).Split([',', ' ', ')'], StringSplitOptions.RemoveEmptyEntries).Select(text => double.Parse(text, System.Globalization.CultureInfo.InvariantCulture))];
}
