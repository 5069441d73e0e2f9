using EdgeBench.Core.Metrics;
using EdgeBench.Core.Runs;
using EdgeBench.Reports.Export;
using EdgeBench.Reports.Model;
using EdgeBench.Reports.Plots;
using EdgeBench.Statistics.Estimators;
using EdgeBench.Testing;

namespace EdgeBench.Reports.Tests;

public class TaskReportTests
{
    [Fact]
    public void The_summary_of_a_run_of_tasks_is_as_approved()
    {
        using TemporaryFolder folder = new();
        ExporterRegistry.Write(TaskRuns.Sample(), ["md", "csv"], folder.Path);
        Snapshot.Matches("tasks.md", File.ReadAllText(folder.File("report.md")));
        Snapshot.Matches("comparisons.csv", File.ReadAllText(folder.File("comparisons.csv")));
    }

    [Fact]
    public void Each_artifact_is_held_against_the_uncompressed_one_on_the_same_items()
    {
        ItemComparisons comparisons = ReportModel.From(TaskRuns.Sample()).Comparisons;
        Assert.Empty(comparisons.Statements);
        // Two recipes: acc and acc_norm on two files, exact match, accuracy, macro F1.
        Assert.Equal(14, comparisons.All.Count);
        Assert.All(comparisons.All, row => Assert.Equal("fp16", row.Reference.Stored.Recipe));
        ItemComparison int4 = comparisons.All.Single(row => row.Cell.Stored is { Recipe: "int4", Workload: "piqa" } && row.Figures.Metric == MetricRegistry.Accuracy);
        Assert.Equal(new McNemarTest(26, 13), int4.Figures.Test);
        Assert.Equal(-13 / 240.0, int4.Figures.Difference, 1e-12);
        ItemComparison same = comparisons.All.Single(row => row.Cell.Stored is { Recipe: "int4", Workload: "piqa" } && row.Figures.Metric == MetricRegistry.NormalisedAccuracy);
        Assert.Contains("0, no item differs", same.Fields);
    }

    [Fact]
    public void Without_an_uncompressed_artifact_the_report_says_what_to_add()
    {
        ItemComparisons comparisons = ReportModel.From(TaskRuns.WithoutReference()).Comparisons;
        Assert.Empty(comparisons.All);
        Assert.Equal(4, comparisons.Statements.Count);
        Assert.Contains("add a recipe without passes", comparisons.Statements[0], StringComparison.Ordinal);
    }

    [Fact]
    public void Scores_of_different_files_are_not_compared()
    {
        StoredRun run = TaskRuns.Sample();
        StoredCell[] cells = [.. run.Cells.Select(cell => cell is { Recipe: "int4", Workload: "piqa" } ? cell with { Trials = [.. cell.Trials.Select(Elsewhere)] } : cell)];
        ItemComparisons comparisons = ReportModel.From(run with { Cells = cells }).Comparisons;
        Assert.Equal(12, comparisons.All.Count);
        Assert.Contains("int4 was scored on another file than fp16", Assert.Single(comparisons.Statements), StringComparison.Ordinal);

        static StoredTrial Elsewhere(StoredTrial trial) => trial with { Outcome = trial.Outcome with { Facts = new Dictionary<string, string> { ["text_sha256"] = "other" } } };
    }

    [Fact]
    public void Size_and_accuracy_are_drawn_with_the_good_corner_on_top()
    {
        Figure[] figures = [.. new ReportContext(ReportModel.From(TaskRuns.Sample())).Figures.Figures.Where(figure => figure.Kind == FigureKind.SizeQuality)];
        Assert.Equal(4, figures.Length);
        Assert.All(figures, figure => Assert.Equal("Size and quality (upper left is better)", figure.Title));
        Assert.Equal(["piqa", "arc-easy", "commands", "intents"], figures.Select(figure => figure.Subtitle.Split(" · ")[^1]));
    }

    [Fact]
    public void The_page_holds_the_comparison_without_a_script()
    {
        using TemporaryFolder folder = new();
        ExporterRegistry.Write(TaskRuns.Sample(), ["html"], folder.Path);
        string page = File.ReadAllText(folder.File("report.html"));
        Assert.Contains("<section id=\"items\"><h2>Item by item, against the uncompressed artifact</h2>", page, StringComparison.Ordinal);
        Assert.Contains("smollm2-135m on local, piqa, against fp16", page, StringComparison.Ordinal);
    }
}
