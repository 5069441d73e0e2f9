using EdgeBench.Core.Cells;
using EdgeBench.Core.Problems;
using EdgeBench.Core.Runs;
using EdgeBench.Reports.Export;
using EdgeBench.Testing;

namespace EdgeBench.Reports.Tests;

public class ExporterTests
{
    public static TheoryData<string> Runs => [.. s_runs.Keys];

    private static readonly Dictionary<string, Func<StoredRun>> s_runs = new()
    {
        ["realistic"] = () => StoredRuns.Realistic(5, 2),
        ["one cell"] = StoredRuns.OneCell,
        ["nothing measured"] = StoredRuns.NothingMeasured,
        ["no cell"] = StoredRuns.Empty,
        ["all failed"] = StoredRuns.AllFailed,
        ["emulated"] = () => Tiered(Tier.Emulated),
        ["simulated"] = () => Tiered(Tier.Simulated),
        ["no artifacts"] = () => StoredRuns.OneCell() with { Cells = [StoredRuns.SpeedCell() with { Artifact = null }] },
    };

    [Theory]
    [MemberData(nameof(Runs))]
    public void Every_format_reports_every_kind_of_run_and_names_each_cell(string name)
    {
        using TemporaryFolder folder = new();
        StoredRun run = s_runs[name]();
        IReadOnlyList<string> files = ExporterRegistry.Write(run, ExporterRegistry.Names, folder.Path);
        Assert.All(files, file => Assert.True(new FileInfo(file).Length > 0, file));
        Assert.Empty(Directory.GetFiles(folder.Path, "*.partial", SearchOption.AllDirectories));
        string[] rows = File.ReadAllLines(folder.File("cells.csv"));
        Assert.Equal(1 + run.Cells.Count + run.Excluded.Count, rows.Length);
    }

    [Fact]
    public void The_registry_holds_each_format_once()
    {
        Assert.Equal(["csv", "md", "html", "png", "svg"], ExporterRegistry.Names);
        Assert.Equal(ExporterRegistry.Names.Distinct(), ExporterRegistry.Names);
    }

    [Fact]
    public void An_unknown_format_is_refused_with_the_known_ones_and_writes_nothing()
    {
        using TemporaryFolder folder = new();
        EdgeBenchException refusal = Assert.Throws<EdgeBenchException>(() => ExporterRegistry.Write(StoredRuns.OneCell(), ["htm", "pdf", "csv"], folder.Path));
        Assert.Equal(ExitCode.BadInput, refusal.ExitCode);
        Assert.Equal(2, refusal.Problems.Count);
        Assert.Contains("Did you mean 'html'?", refusal.Message);
        Assert.Empty(Directory.GetFileSystemEntries(folder.Path));
    }

    [Fact]
    public void A_folder_that_cannot_be_written_is_an_infrastructure_failure()
    {
        using TemporaryFolder folder = new();
        File.WriteAllText(folder.File("taken"), "");
        EdgeBenchException failure = Assert.Throws<EdgeBenchException>(() => ExporterRegistry.Write(StoredRuns.OneCell(), ["md"], folder.File("taken")));
        Assert.Equal(ExitCode.Infrastructure, failure.ExitCode);
        Assert.Contains("--out", failure.Message);
    }

    [Fact]
    public void An_emulated_cell_shows_no_speed_in_any_text()
    {
        using TemporaryFolder folder = new();
        ExporterRegistry.Write(Tiered(Tier.Emulated), ["csv", "md", "svg"], folder.Path);
        Assert.DoesNotContain("decode_tok_s", File.ReadAllText(folder.File("samples.csv")));
        Assert.Contains("not reported anywhere", File.ReadAllText(folder.File("report.md")));
        Assert.DoesNotContain("★", File.ReadAllText(folder.File("report.md")).Split("## How to read")[0]);
        Assert.False(Directory.Exists(folder.File("plots")));
    }

    [Fact]
    public void A_rerun_leaves_no_figure_of_the_report_before()
    {
        using TemporaryFolder folder = new();
        ExporterRegistry.Write(StoredRuns.Realistic(5, 2), ["svg"], folder.Path);
        string foreign = Path.Combine(folder.Path, "plots", "mine.svg");
        File.WriteAllText(foreign, "kept");
        IReadOnlyList<string> files = ExporterRegistry.Write(StoredRuns.OneCell(), ["svg"], folder.Path);
        Assert.Equal([.. files.Append(foreign).Order()], Directory.GetFiles(Path.Combine(folder.Path, "plots")).Order());
    }

    private static StoredRun Tiered(Tier tier)
    {
        StoredRun run = StoredRuns.OneCell();
        return run with { Cells = [.. run.Cells.Select(cell => cell with { Tier = tier })] };
    }
}
