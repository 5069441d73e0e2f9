using EdgeBench.Core.Cells;
using EdgeBench.Core.Problems;
using EdgeBench.Core.Runs;
using EdgeBench.Statistics.Judging;

namespace EdgeBench.Cli.Output;

/// <summary>The last lines of a run: which planned cells lack a valid measurement, and why; and the exit code that follows.</summary>
internal static class RunSummary
{
    private const int MaximumLines = 40;

    public static int Print(StoredRun run, TextWriter writer, bool allowMissing)
    {
        List<(StoredCell Cell, ValidityVerdict Verdict)> judged = [.. run.Cells.Select(cell => (cell, ValidityRules.Judge(cell, run.Devices.GetValueOrDefault(cell.Device))))];
        List<(StoredCell Cell, ValidityVerdict Verdict)> missing = [.. judged.Where(entry => entry.Verdict.Validity == Validity.Invalid)];
        int semivalid = judged.Count(entry => entry.Verdict.Validity == Validity.Semivalid);
        writer.WriteLine($"{judged.Count - missing.Count} of {judged.Count} planned cells have a valid measurement{(semivalid > 0 ? $" ({semivalid} with reservations)" : "")}; {run.Excluded.Count} excluded.");
        foreach ((StoredCell cell, ValidityVerdict verdict) in missing.Take(MaximumLines))
            writer.WriteLine($"no valid measurement: {cell.Id}: {string.Join("; ", verdict.Reasons)}");
        if (missing.Count > MaximumLines) writer.WriteLine($"… and {missing.Count - MaximumLines} more; the report lists them all.");
        if (missing.Count > 0)
            writer.WriteLine("Run the same command to try failed trials again. A cell that was measured and is not valid needs other settings under 'measure', or --fresh on a quieter machine.");
        return (int)(missing.Count == 0 || allowMissing ? ExitCode.Done : ExitCode.MissingCells);
    }
}
