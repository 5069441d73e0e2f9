using EdgeBench.Core.Artifacts;
using EdgeBench.Core.Runs;
using EdgeBench.Reports.Model;
using EdgeBench.Testing;

namespace EdgeBench.Reports.Tests;

public class RunNotesTests
{
    [Theory]
    [InlineData(1, "1 cell is outside of this command's --filter and not shown.")]
    [InlineData(30, "30 cells are outside of this command's --filter and not shown.")]
    public void What_a_filter_left_out_is_counted(int cells, string note) => Assert.Contains(note, Notes(StoredRuns.OneCell() with { FilteredOut = cells }));

    [Fact]
    public void A_plain_run_has_no_note() => Assert.Empty(Notes(StoredRuns.OneCell()));

    [Fact]
    public void Trials_of_several_versions_are_counted()
    {
        StoredCell cell = StoredRuns.SpeedCell();
        StoredTrial[] trials = [.. cell.Trials.Select((trial, i) => trial with { HarnessVersion = i == 0 ? "0.1.0" : "0.2.0" })];
        Assert.Contains(Notes(StoredRuns.Run("mixed", [cell with { Trials = trials }])), note => note.EndsWith("0.1.0 (1 trial), 0.2.0 (2 trials).", StringComparison.Ordinal));
    }

    [Fact]
    public void A_float_checkpoint_is_named_as_the_reference() =>
        Assert.Contains("Quality of smollm2-135m is against the reference: 211 × F16, 61 × F32, the checkpoint as stored.", Notes(StoredRuns.Realistic(1, 2)));

    [Fact]
    public void A_quantised_checkpoint_as_the_reference_is_said_with_what_it_flatters()
    {
        StoredRun run = Quantised();
        Assert.Contains("Quality of smollm2-135m: the reference is the stored checkpoint, already quantised (210 × Q4_1), expanded to F16: differences are against that, and flatter 4-bit formats.",
            Notes(run));
        StoredRun unplanned = run with { Cells = [.. run.Cells.Where(cell => cell.Artifact!.Readback.Count > 0)] };
        Assert.Contains("Quality of smollm2-135m: the reference is the stored checkpoint, already quantised, expanded to F16: differences are against that, and flatter formats of as few bits.",
            Notes(unplanned));
    }

    // The recipe without passes is a file of Q4_1, and the reference was converted from it.
    private static StoredRun Quantised()
    {
        StoredRun run = StoredRuns.Realistic(1, 2);
        PassReadback expanded = new("convert", "weights f16", "f16 in 210 of 210 matrices", Applied.Fully);
        return run with
        {
            Cells =
            [
                .. run.Cells.Select(cell => cell with
                {
                    Artifact = cell.Recipe == "fp16" ? cell.Artifact! with { Readback = [], Types = [new("Q4_1", 210, 134_000_000, 84_000_000), new("F32", 61, 35_136, 140_544)] } : cell.Artifact,
                    Reference = cell.IsQuality ? cell.Reference! with { Readback = [expanded] } : null,
                }),
            ],
        };
    }

    private static IReadOnlyList<string> Notes(StoredRun run) => ReportModel.From(run).Notes;
}
