using System.CommandLine;
using EdgeBench.Core.Problems;
using EdgeBench.Core.Runs;
using EdgeBench.Reports.Export;
using EdgeBench.Running.Journal;

namespace EdgeBench.Cli.Commands;

/// <summary><c>edgebench report</c>: a stored run as HTML, Markdown, CSV and plots.</summary>
internal static class ReportCommand
{
    public static Command Create()
    {
        Argument<string> source = new("run") { Description = "A run's folder or its run.db." };
        Option<string?> format = new("--format") { Description = $"Comma-separated: {string.Join(", ", ExporterRegistry.Names)}; default all.", HelpName = "formats" };
        Option<string?> output = new("--out") { Description = "Folder to write to; default the run's own.", HelpName = "folder" };
        Command command = new("report", "Write the report of a stored run.") { source, format, output };
        command.SetAction(parsed =>
        {
            string given = parsed.GetRequiredValue(source);
            string path = Directory.Exists(given) ? Path.Combine(given, RunJournal.FileName) : given;
            string[] formats = parsed.GetValue(format)?.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [.. ExporterRegistry.Names];
            ExporterRegistry.Resolve(formats);
            StoredRun run = RunJournal.ReadOnly(Path.GetFullPath(path));
            Write(run, formats, Path.GetFullPath(parsed.GetValue(output) ?? Path.GetDirectoryName(Path.GetFullPath(path))!));
            return (int)ExitCode.Done;
        });
        return command;
    }

    /// <summary>Writes the reports and says where.</summary>
    public static void Write(StoredRun run, IEnumerable<string> formats, string folder)
    {
        IReadOnlyList<string> files = ExporterRegistry.Write(run, formats, folder);
        foreach (IGrouping<string, string> group in files.GroupBy(path => Path.GetDirectoryName(path)!))
            Console.Out.WriteLine($"Wrote {string.Join(", ", group.Select(Path.GetFileName))} in {group.Key}");
    }
}
