using System.CommandLine;
using EdgeBench.Core.Problems;
using EdgeBench.Core.Runs;
using EdgeBench.Reports;
using EdgeBench.Running.Journal;

namespace EdgeBench.Cli.Commands;

/// <summary><c>edgebench report</c>: a stored run as HTML, Markdown, CSV and plots.</summary>
internal static class ReportCommand
{
    public static Command Create()
    {
        Argument<string> source = new("run") { Description = "A run's folder or its run.db." };
        Option<string?> format = new("--format") { Description = $"Comma-separated: {string.Join(", ", ExporterRegistry.All.Select(exporter => exporter.Name))}; default all.", HelpName = "formats" };
        Option<string?> output = new("--out") { Description = "Folder to write to; default the run's own.", HelpName = "folder" };
        Command command = new("report", "Write the report of a stored run.") { source, format, output };
        command.SetAction(parsed =>
        {
            string given = parsed.GetRequiredValue(source);
            string path = Directory.Exists(given) ? Path.Combine(given, RunJournal.FileName) : given;
            List<IExporter> exporters = Chosen(parsed.GetValue(format));
            StoredRun run = RunJournal.ReadOnly(Path.GetFullPath(path));
            Console.Out.WriteLine(Write(run, Path.GetFullPath(parsed.GetValue(output) ?? Path.GetDirectoryName(Path.GetFullPath(path))!), exporters));
            return (int)ExitCode.Done;
        });
        return command;
    }

    /// <summary>Writes the reports and says where, one line each.</summary>
    public static string Write(StoredRun run, string folder, IEnumerable<IExporter> exporters)
    {
        ReportModel model = ReportModel.From(run);
        return string.Join(Environment.NewLine, exporters.SelectMany(exporter => exporter.Export(model, folder)).Select(path => $"Wrote {path}"));
    }

    private static List<IExporter> Chosen(string? formats)
    {
        if (formats is null) return [.. ExporterRegistry.All];
        return [.. formats.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(ExporterRegistry.Find)];
    }
}
