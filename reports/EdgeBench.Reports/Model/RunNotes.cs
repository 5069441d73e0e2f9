using EdgeBench.Core.Cells;
using EdgeBench.Core.Runs;

namespace EdgeBench.Reports.Model;

/// <summary>Sentences about a whole run that a reader needs before its figures.</summary>
internal static class RunNotes
{
    public static IReadOnlyList<string> Of(StoredRun run, IReadOnlyList<ReportCell> cells)
    {
        List<string> notes = [];
        if (run.Cells.Count == 0) notes.Add("The plan holds no cell: nothing was measured.");
        else if (cells.All(cell => !cell.IsRanked)) notes.Add("No cell has a valid measurement: nothing is ranked, and the reasons stand beside each cell.");
        if (run.FilteredOut > 0)
            notes.Add($"{run.FilteredOut} {(run.FilteredOut == 1 ? "cell is" : "cells are")} outside of this command's --filter and not shown.");
        string[] versions = [.. run.Cells.SelectMany(cell => cell.Trials).GroupBy(trial => trial.HarnessVersion).OrderBy(group => group.Key, StringComparer.Ordinal).Select(Version)];
        if (versions.Length > 1) notes.Add($"Several versions of the harness ran these trials, and they may measure differently: {string.Join(", ", versions)}.");
        string[] random = [.. run.Cells.Where(cell => cell.Artifact is { RandomWeights: true }).Select(cell => cell.Model).Distinct()];
        if (random.Length > 0)
            notes.Add($"Random weights ({Listed(random)}): these have a real architecture and no training, so speed and memory mean something and accuracy does not. No quality is measured or shown for them.");
        if (run.Cells.Any(cell => cell.Tier == Tier.Emulated))
            notes.Add("Cells of tier emulated ran under an emulator: that they work is shown; their speed is not reported anywhere.");
        if (run.Cells.Any(cell => cell.Tier == Tier.Simulated))
            notes.Add("Cells of tier simulated come from a model of the device; they are never ranked together with measured ones.");
        if (cells.Any(cell => cell.Estimates.Values.Any(estimate => estimate.WithinSessionOnly)))
            notes.Add("Some cells have one session only: their intervals cover variation inside it, not between boots or thermal states.");
        if (cells.Any(cell => cell.NotApplied.Count > 0))
            notes.Add("Some recipes or options were asked for and did not (fully) take effect: see “Not applied”.");
        notes.AddRange(ReferenceNotes.Of(run));
        return notes;
    }

    private static string Version(IGrouping<string, StoredTrial> trials) =>
        $"{(trials.Key.Length > 0 ? trials.Key : "not recorded")} ({trials.Count()} {(trials.Count() == 1 ? "trial" : "trials")})";

    private static string Listed(string[] names) => names.Length <= 5 ? string.Join(", ", names) : $"{string.Join(", ", names[..5])} and {names.Length - 5} more";
}
