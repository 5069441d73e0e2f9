using EdgeBench.Core.Cells;
using EdgeBench.Core.Metrics;
using EdgeBench.Core.Runs;
using EdgeBench.Core.Trials;
using EdgeBench.Reports.Model;
using EdgeBench.Reports.Plots;
using EdgeBench.Testing;

namespace EdgeBench.Reports.Tests;

public class EnergyReportTests
{
    private static StoredCell Metered(StoredCell cell, EnergyBoundary boundary, double joules) => cell with
    {
        Trials =
        [
            .. cell.Trials.Select(trial => trial with
            {
                Outcome = trial.Outcome with { Series = [.. trial.Outcome.Series, Series.Single(EnergyMetrics.Of(boundary).PerToken.Name, joules, 5)] },
            }),
        ],
    };

    private static StoredCell Other() => StoredRuns.SpeedCell() with { Key = "other", Id = "other", Recipe = "other" };

    [Fact]
    public void A_figure_from_the_wall_never_outranks_one_from_a_rail()
    {
        ReportModel model = ReportModel.From(StoredRuns.Run("two", [Metered(StoredRuns.SpeedCell(), EnergyBoundary.Wall, 9), Metered(Other(), EnergyBoundary.Rail, 1)]));
        foreach (EnergyMetrics metrics in EnergyMetrics.All)
            Assert.All(model.Cells, cell => Assert.False(model.Ranking.IsBest(cell, metrics.PerToken)));
        model = ReportModel.From(StoredRuns.Run("two", [Metered(StoredRuns.SpeedCell(), EnergyBoundary.Wall, 9), Metered(Other(), EnergyBoundary.Wall, 1)]));
        Assert.True(model.Ranking.IsBest(model.Cells.Single(cell => cell.Stored.Recipe == "other"), EnergyMetrics.Of(EnergyBoundary.Wall).PerToken));
    }

    [Fact]
    public void Each_boundary_has_its_own_plot_that_names_it()
    {
        FigureSet figures = FigureSet.Of(ReportModel.From(StoredRuns.Run("two", [Metered(StoredRuns.SpeedCell(), EnergyBoundary.Wall, 9), Metered(Other(), EnergyBoundary.Rail, 1)])));
        Assert.Equal(["J/token (wall): lower is better", "J/token (rail): lower is better"],
            figures.Figures.Where(figure => figure.Kind == FigureKind.Energy).Select(figure => figure.Title));
    }

    [Fact]
    public void An_emulated_device_has_no_energy()
    {
        ReportModel model = ReportModel.From(StoredRuns.Run("one", [Metered(StoredRuns.SpeedCell(), EnergyBoundary.Wall, 9) with { Tier = Tier.Emulated }]));
        Assert.Null(model.Cells.Single().Find(EnergyMetrics.Of(EnergyBoundary.Wall).PerToken));
    }
}
