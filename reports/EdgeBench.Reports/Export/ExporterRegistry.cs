using EdgeBench.Core.Problems;
using EdgeBench.Core.Runs;
using EdgeBench.Reports.Model;

namespace EdgeBench.Reports.Export;

/// <summary>Every report format, by name.</summary>
public static class ExporterRegistry
{
    public static IReadOnlyList<IExporter> All { get; } = [new CsvExporter(), new MarkdownExporter(), new HtmlExporter(), new PngExporter(), new SvgExporter()];

    /// <summary>Names for <c>--format</c>.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. All.Select(exporter => exporter.Name)];

    /// <summary>The exporters of those names, each once. Throws <see cref="EdgeBenchException"/> (bad input) naming every unknown one.</summary>
    public static IReadOnlyList<IExporter> Resolve(IEnumerable<string> names)
    {
        ArgumentNullException.ThrowIfNull(names);
        string[] asked = [.. names.Distinct(StringComparer.Ordinal)];
        Problem[] unknown =
        [
            .. asked.Where(name => !Names.Contains(name))
                .Select(name => new Problem($"report format '{name}'", $"one of {string.Join(", ", Names)}", Nearest.Question(name, Names))),
        ];
        if (unknown.Length > 0) throw new EdgeBenchException(ExitCode.BadInput, unknown);
        return [.. All.Where(exporter => asked.Contains(exporter.Name))];
    }

    /// <summary>
    /// Writes a stored run's report in the given formats and returns the files written. Throws <see cref="EdgeBenchException"/>
    /// (infrastructure) where the folder cannot be written; files that are whole by then stay.
    /// </summary>
    public static IReadOnlyList<string> Write(StoredRun run, IEnumerable<string> formats, string folder)
    {
        IReadOnlyList<IExporter> exporters = Resolve(formats);
        ReportContext report = new(ReportModel.From(run));
        try
        {
            return Export(exporters, report, folder);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw EdgeBenchException.Infrastructure($"report folder '{folder}': {failure.Message}", "a folder that can be written, with space left",
                "choose another with --out, or free space there", failure);
        }
    }

    // Formats share nothing but the model; the first failure of any, in their order, is the one told.
    private static IReadOnlyList<string> Export(IReadOnlyList<IExporter> exporters, ReportContext report, string folder)
    {
        Task<IReadOnlyList<string>>[] running = [.. exporters.Select(exporter => Task.Run(() => exporter.Export(report, folder)))];
        Task.WhenAll(running).ContinueWith(_ => { }, TaskScheduler.Default).Wait();
        return [.. running.SelectMany(task => task.GetAwaiter().GetResult())];
    }
}
