using System.CommandLine;
using EdgeBench.Cli.Output;
using EdgeBench.Core.Problems;
using EdgeBench.Core.Runs;
using EdgeBench.Reports.Export;
using EdgeBench.Running.Configuration;
using EdgeBench.Running.Execution;
using EdgeBench.Running.Journal;

namespace EdgeBench.Cli.Commands;

/// <summary><c>edgebench run</c>: measure what is missing, then report.</summary>
internal static class RunCommand
{
    public static Command Create()
    {
        BenchArguments bench = new();
        Option<string?> output = new("--out") { Description = "Folder of the run; default runs/<name>.", HelpName = "folder" };
        Option<bool> fresh = new("--fresh") { Description = "Start over instead of resuming." };
        Option<bool> allowMissing = new("--allow-missing") { Description = "Exit with 0 even where planned cells lack a valid measurement." };
        Option<bool> noReport = new("--no-report") { Description = "Only measure; 'edgebench report' makes the report later." };
        Command command = new("run", "Measure every planned cell that has no measurement yet, and write the report.")
        {
            output, fresh, allowMissing, noReport,
        };
        bench.AddTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            PlannedRun planned = RunPlanning.Plan(bench.Load(parsed), bench.ParseFilter(parsed));
            if (planned.Plan.Cells.Count == 0)
            {
                throw EdgeBenchException.BadInput($"'{planned.Bench.Path}' plans no cell ({planned.Plan.Excluded.Count} excluded)", "at least one",
                    "'edgebench plan' shows every excluded cell with its reason.");
            }
            string folder = Path.GetFullPath(parsed.GetValue(output) ?? Path.Combine("runs", planned.Configuration.Name));
            StoredRun run;
            using (IRunProgress progress = RunProgress.Create())
            {
                BenchRunner runner = new(new RunRequest(planned, folder, parsed.GetValue(fresh), CommandLine(parsed)), progress);
                run = await runner.RunAsync(cancellation);
            }
            if (!parsed.GetValue(noReport)) ReportCommand.Write(run, ExporterRegistry.Names, folder);
            else Console.Out.WriteLine($"Journal: {Path.Combine(folder, RunJournal.FileName)}");
            return RunSummary.Print(run, Console.Out, parsed.GetValue(allowMissing));
        });
        return command;
    }

    private static string CommandLine(ParseResult parsed) => "edgebench " + string.Join(' ', parsed.Tokens.Select(token => BenchFile.Recorded(token.Value)));
}
