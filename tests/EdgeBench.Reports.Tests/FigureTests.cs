using System.Xml.Linq;
using EdgeBench.Core.Runs;
using EdgeBench.Core.Trials;
using EdgeBench.Reports.Export;
using EdgeBench.Reports.Model;
using EdgeBench.Reports.Plots;
using EdgeBench.Testing;

namespace EdgeBench.Reports.Tests;

public class FigureTests
{
    [Fact]
    public void A_realistic_run_of_tokens_without_a_meter_has_every_other_kind_of_figure() =>
        Assert.Equal(Enum.GetValues<FigureKind>().Except([FigureKind.Energy, FigureKind.InferenceEnergy, FigureKind.Power, FigureKind.Inference, FigureKind.Roofline, FigureKind.Training]), Figures(StoredRuns.Realistic(5, 2)).Figures.Select(figure => figure.Kind).Distinct());

    [Fact]
    public void Without_quality_there_is_no_front_and_the_report_says_why()
    {
        FigureSet figures = Figures(StoredRuns.RandomWeights());
        Assert.DoesNotContain(figures.Figures, figure => figure.Kind is FigureKind.SizeQuality or FigureKind.SpeedQuality);
        Assert.Contains(figures.Statements, statement => statement.Contains("no cell holds a measured quality", StringComparison.Ordinal));
    }

    [Fact]
    public void A_test_of_prompt_and_generation_has_one_timeline_of_each_speed()
    {
        StoredCell cell = StoredRuns.SpeedCell();
        StoredTrial[] trials =
        [
            .. cell.Trials.Select(trial => trial with
            {
                Outcome = trial.Outcome with { Series = [.. trial.Outcome.Series, new Series("prefill_tok_s", [400, 410], [1, 2], [0, 1])] },
            }),
        ];
        StoredCell both = cell with { Test = "pp512+tg128", ExpectedMetrics = [.. cell.ExpectedMetrics, "prefill_tok_s"], Trials = trials };
        FigureSet figures = Figures(StoredRuns.Run("both", [both]));
        Assert.Equal(["Samples over time: prefill (tok/s)", "Samples over time: decode (tok/s)"],
            figures.Figures.Where(figure => figure.Kind == FigureKind.Timeline).Select(figure => figure.Title));
    }

    [Fact]
    public void Many_cells_are_paged_and_capped_with_a_statement_of_how_many_are_drawn()
    {
        FigureSet figures = Figures(StoredRuns.Large(480));
        Assert.All(figures.Figures.GroupBy(figure => figure.Kind), kind => Assert.InRange(kind.Count(), 1, FigureSet.PagesPerKind));
        Assert.Contains(figures.Statements, statement => statement.StartsWith("Decode speed: 160 of 240 lines are drawn", StringComparison.Ordinal));
        Assert.Equal(figures.Figures.Count, figures.Figures.Select(figure => figure.Name).Distinct().Count());
    }

    [Fact]
    public void Pictures_hold_text_in_the_embedded_typeface_and_are_as_wide_as_stated()
    {
        Figure figure = Figures(StoredRuns.Realistic(5, 2)).Figures[0];
        XDocument svg = XDocument.Parse(SvgDocument.File(figure));
        XElement[] texts = [.. svg.Descendants().Where(element => element.Name.LocalName == "text")];
        Assert.Contains(texts, text => text.Value.Contains("Prefill speed (higher is better)", StringComparison.Ordinal));
        Assert.Contains(texts, text => text.Value.Contains("prefill (tok/s)", StringComparison.Ordinal));
        Assert.All(texts, text => Assert.StartsWith("Inter", text.Attribute("font-family")!.Value));
        Assert.All(texts, text => Assert.True(double.Parse(text.Attribute("font-size")!.Value) >= 12, text.Value));
        using SkiaSharp.SKBitmap png = SkiaSharp.SKBitmap.Decode(FigureRenderer.Png(figure));
        Assert.Equal(2 * Figure.Width, png.Width);
        // Title ink: a machine without fonts would leave this band white.
        Assert.Contains(Enumerable.Range(32, 400), x => png.GetPixel(x, 40).Red < 100);
    }

    [Fact]
    public void Long_labels_are_shortened_in_the_middle_to_the_width_given()
    {
        string text = PlotFont.Fit(new string('m', 200) + "-end", 13, 120);
        Assert.True(PlotFont.Measure(text, 13) <= 120);
        Assert.EndsWith("end", text);
        Assert.Contains('…', text);
        Assert.Equal("short", PlotFont.Fit("short", 13, 120));
    }

    private static FigureSet Figures(Core.Runs.StoredRun run) => new ReportContext(ReportModel.From(run)).Figures;
}
