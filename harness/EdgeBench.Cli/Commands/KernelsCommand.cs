using System.CommandLine;
using EdgeBench.Cli.Output;
using EdgeBench.Core.Runs;
using EdgeBench.KernelBenchmarks;
using EdgeBench.KernelBenchmarks.Cases;
using EdgeBench.Reports.Export;
using EdgeBench.Reports.Model;

namespace EdgeBench.Cli.Commands;

/// <summary><c>edgebench kernels</c>: what each kernel reaches on the shapes of models, against the machine's peaks.</summary>
internal static class KernelsCommand
{
    public static Command Create()
    {
        Option<string?> filter = new("--filter")
        {
            Description = $"Keep only some kernels: format=q4_0 and shape=576x1536. Keys: {string.Join(", ", KernelCatalog.Keys)}.",
            HelpName = "expression",
        };
        Option<int> threads = new("--threads") { Description = "Threads of a kernel; default 1.", DefaultValueFactory = _ => 1, HelpName = "n" };
        threads.Validators.Add(given =>
        {
            // What is no number has a message of its own, and its value cannot be asked for.
            if (given.Tokens is not [{ Value: var text }] || !int.TryParse(text, out int count)) return;
            if (count < 1 || count > Environment.ProcessorCount) given.AddError($"--threads {count}; expected 1 to {Environment.ProcessorCount}, the processors of this machine.");
        });
        Option<bool> thorough = new("--thorough") { Description = "More and longer stretches of measuring." };
        Option<string?> output = new("--out") { Description = "Folder of the run; default runs/kernels.", HelpName = "folder" };
        Option<bool> fresh = new("--fresh") { Description = "Start over instead of keeping what was measured." };
        Option<OutputFormat> format = new("--format") { Description = "table or json." };
        Command command = new("kernels", "Measure kernels on the shapes of models against the machine's bandwidth and compute peaks.") { filter, threads, thorough, output, fresh, format };
        command.SetAction((parsed, cancellation) =>
        {
            KernelRequest request = new(parsed.GetValue(filter), parsed.GetValue(threads), parsed.GetValue(thorough),
                Path.GetFullPath(parsed.GetValue(output) ?? Path.Combine("runs", "kernels")), parsed.GetValue(fresh), "edgebench " + string.Join(' ', parsed.Tokens.Select(token => token.Value)));
            StoredRun run;
            using (IRunProgress progress = RunProgress.Create()) run = new KernelRun(request, progress).Run(cancellation);
            bool json = parsed.GetValue(format) == OutputFormat.Json;
            if (json) Console.Out.WriteLine(KernelTable.Json(ReportModel.From(run)));
            else KernelTable.Write(ReportModel.From(run), Console.Out);
            IReadOnlyList<string> files = ExporterRegistry.Write(run, ExporterRegistry.Names, request.Folder);
            TextWriter told = json ? Console.Error : Console.Out;
            told.WriteLine($"Wrote {files.Count} files of the report in {request.Folder}");
            return Task.FromResult(RunSummary.Print(run, told, allowMissing: false));
        });
        return command;
    }
}
