using System.CommandLine;
using EdgeBench.Backends;
using EdgeBench.Backends.External;
using EdgeBench.Cli.Output;
using EdgeBench.Core.Backends;
using EdgeBench.Core.IO;
using EdgeBench.Core.Problems;
using EdgeBench.Core.Programs;
using EdgeBench.Running.Execution;

namespace EdgeBench.Cli.Commands;

/// <summary><c>edgebench backends list|install</c>.</summary>
internal static class BackendsCommand
{
    public static Command Create() => new("backends", "List and install the runtimes that execute models.") { CreateList(), CreateInstall() };

    private static Command CreateList()
    {
        Option<OutputFormat> format = new("--format") { Description = "table or json." };
        Command command = new("list", "Which backends there are, and whether they can run on this machine.") { format };
        command.SetAction(parsed =>
        {
            var rows = BackendRegistry.All.Select(backend => (backend.Name, backend.Format, Status: backend.Probe(HarnessVocabulary.DefaultOptions(backend)))).ToList();
            if (parsed.GetValue(format) == OutputFormat.Json)
            {
                Console.Out.WriteLine(System.Text.Json.JsonSerializer.Serialize(
                    rows.Select(row => new { row.Name, row.Format, row.Status, Programs = row.Name == ExternalBackend.TypeName ? Programs().Names : null }), EdgeBenchJson.Indented));
                return (int)ExitCode.Done;
            }
            foreach ((string name, string runs, BackendStatus status) in rows)
            {
                if (name == ExternalBackend.TypeName)
                {
                    (IReadOnlyList<string> names, string? problem) = Programs();
                    Console.Out.WriteLine(names.Count > 0 ? $"{name}  programs that this machine allows: {string.Join(", ", names)}" : $"{name}  allows no program: {problem ?? $"{status.Problem} {status.Remedy}"}");
                    continue;
                }
                Console.Out.WriteLine(status.Installed
                    ? $"{name}  runs {runs}  {status.Version}  {status.Folder}"
                    : $"{name}  runs {runs}  not installed: {status.Problem} {status.Remedy}");
            }
            return (int)ExitCode.Done;
        });
        return command;
    }

    private static (IReadOnlyList<string> Names, string? Problem) Programs()
    {
        try
        {
            return ([.. AllowedPrograms.Read().Keys.Order(StringComparer.Ordinal)], null);
        }
        catch (ProgramRefusedException exception)
        {
            return ([], $"{exception.Message} {exception.Remedy}");
        }
    }

    private static Command CreateInstall()
    {
        Argument<string> name = new("name") { Description = "Such as llamacpp." };
        Command command = new("install", "Fetch a backend's pinned library into the user's cache and verify it.") { name };
        command.SetAction(async (parsed, cancellation) =>
        {
            IBackend backend = BackendRegistry.Find(parsed.GetRequiredValue(name));
            if (backend is not IInstallableBackend installable)
                throw EdgeBenchException.BadInput($"backend '{backend.Name}' has nothing to install", "a backend with a library of its own");
            BackendStatus status = await installable.InstallAsync(new Progress<string>(line => Console.Error.WriteLine(line)), cancellation);
            if (!status.Installed)
            {
                Messages.Error($"{backend.Name} is not installed: {status.Problem} {status.Remedy}");
                return (int)ExitCode.Infrastructure;
            }
            Console.Out.WriteLine($"{backend.Name} {status.Version} is installed in {status.Folder}");
            return (int)ExitCode.Done;
        });
        return command;
    }
}
