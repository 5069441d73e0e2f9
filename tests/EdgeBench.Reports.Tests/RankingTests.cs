using CsCheck;
using EdgeBench.Core.Cells;
using EdgeBench.Core.Metrics;
using EdgeBench.Core.Runs;
using EdgeBench.Core.Trials;
using EdgeBench.Reports.Model;
using EdgeBench.Testing;

namespace EdgeBench.Reports.Tests;

public class RankingTests
{
    [Fact]
    public void The_fastest_of_one_workload_is_best() => Assert.Equal(["fast"], Best(Cell("slow", 50), Cell("fast", 80)));

    [Fact]
    public void Figures_that_the_data_do_not_tell_apart_share_the_mark() => Assert.Equal(["a", "b"], Best(Cell("a", 80), Cell("b", 80.1), Cell("c", 40)));

    [Fact]
    public void An_invalid_cell_is_never_best() => Assert.Equal(["b"], Best(Cell("a", 90) with { MinSamples = 99 }, Cell("b", 80), Cell("c", 40)));

    [Fact]
    public void A_cell_alone_is_not_best() => Assert.Empty(Best(Cell("a", 90)));

    [Fact]
    public void Tiers_are_not_compared() => Assert.Empty(Best(Cell("a", 90) with { Tier = Tier.Simulated }, Cell("b", 50)));

    [Fact]
    public void The_front_holds_exactly_the_points_that_none_beats() =>
        Gen.Select(Gen.Int[0, 9], Gen.Int[0, 9]).Array[1, 30].Sample(raw =>
        {
            (double X, double Y)[] points = [.. raw.Select(point => ((double)point.Item1, (double)point.Item2))];
            int[] front = [.. ParetoFront.Of(points, higherX: true, higherY: false)];
            for (int i = 0; i < points.Length; i++)
            {
                bool beaten = points.Any(other => other.X >= points[i].X && other.Y <= points[i].Y && other != points[i]);
                Assert.Equal(!beaten, front.Contains(i));
            }
        });

    private static string[] Best(params StoredCell[] cells)
    {
        ReportModel model = ReportModel.From(StoredRuns.Run("ranking", cells));
        return [.. model.Cells.Where(cell => model.Ranking.IsBest(cell, MetricRegistry.DecodeRate)).Select(cell => cell.Stored.Recipe)];
    }

    private static StoredCell Cell(string recipe, double speed)
    {
        Series series = new("decode_tok_s", [speed, speed + 1, speed - 1, speed, speed], [1, 2, 3, 4, 5], [0, 1, 2, 3, 4]);
        return StoredRuns.SpeedCell() with { Key = recipe, Recipe = recipe, PlannedTrials = 1, ExpectedMetrics = ["decode_tok_s"], Trials = [StoredRuns.Trial(0, series)] };
    }
}
