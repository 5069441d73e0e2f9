using System.CommandLine;
using System.Reflection;
using EdgeBench.Cli.Output;
using EdgeBench.Core.Configuration;
using EdgeBench.Core.Problems;
using EdgeBench.Running.Configuration.Devices;
using EdgeBench.Running.Execution;

namespace EdgeBench.Cli.Commands;

/// <summary><c>edgebench build</c>: the artifacts of a plan, into the cache, on this machine or on the nodes of a pool.</summary>
internal static class BuildCommand
{
    public static Command Create()
    {
        BenchArguments bench = new();
        Option<string?> on = new("--on") { Description = "Build on the nodes of this device: its launcher is slurm, with 'boards' and 'folder', and the cache is in that folder.", HelpName = "device" };
        Option<string?> only = new("--only") { Description = "Places of artifacts in the list, from 0, separated by commas.", HelpName = "list" };
        Option<int?> task = new("--task") { Description = "Build only the artifact that stands at this place, from 0, among those of --only.", HelpName = "index" };
        Command command = new("build", "Build every artifact that the plan needs into the cache, and measure nothing.") { on, only, task };
        bench.AddTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            PlannedRun planned = RunPlanning.Plan(bench.Load(parsed), bench.ParseFilter(parsed));
            DeviceSpec? farm = parsed.GetValue(on) is { } name ? DeviceCatalog.Resolve(name, planned.Bench.BaseFolder, HarnessVocabulary.Instance) : null;
            if (farm is not null && (parsed.GetValue(only) is not null || parsed.GetValue(task) is not null))
                throw EdgeBenchException.BadInput("--on with --only or --task", "one of them", "Choose with --filter what a pool builds.");
            using IRunProgress progress = RunProgress.Create();
            ArtifactBuild build = new(planned, progress);
            IReadOnlyList<WantedArtifact> wanted = Chosen(await build.WantedAsync(cancellation), parsed.GetValue(only), parsed.GetValue(task));
            List<BuildResult> results = [];
            if (farm is not null)
            {
                results.AddRange(await new BuildFarm(farm, Self(), progress).BuildAsync(build, wanted, Arguments(bench, parsed, planned), cancellation));
            }
            else
            {
                foreach (WantedArtifact one in wanted) results.Add(await build.BuildAsync(one, cancellation));
            }
            Print(results);
            return (int)(results.All(result => result.Artifact is not null) ? ExitCode.Done : ExitCode.MissingCells);
        });
        return command;
    }

    private static IReadOnlyList<WantedArtifact> Chosen(IReadOnlyList<WantedArtifact> all, string? only, int? task)
    {
        if (only is null && task is null) return all;
        WantedArtifact[] chosen = only is null ? [.. all] :
        [
            .. only.Split(',').Select(place => int.TryParse(place, out int index) && index >= 0 && index < all.Count ? all[index]
                : throw EdgeBenchException.BadInput($"--only '{place}'", $"places of 0 to {all.Count - 1}", "Without --only, all artifacts are built.")),
        ];
        return task is not { } at ? chosen
            : at >= 0 && at < chosen.Length ? [chosen[at]]
            : throw EdgeBenchException.BadInput($"--task {at}", $"a place of 0 to {chosen.Length - 1}");
    }

    // What a node needs to make the same list.
    private static List<string> Arguments(BenchArguments bench, ParseResult parsed, PlannedRun planned)
    {
        List<string> arguments = [Path.GetFullPath(planned.Bench.Path)];
        foreach (string one in parsed.GetValue(bench.Set) ?? []) arguments.AddRange(["--set", one]);
        if (parsed.GetValue(bench.Filter) is { } filter) arguments.AddRange(["--filter", filter]);
        return arguments;
    }

    private static List<string> Self()
    {
        string process = Environment.ProcessPath ?? throw EdgeBenchException.Infrastructure("this program's own path is not known", "a system that tells it", "Build on this machine.");
        return Path.GetFileNameWithoutExtension(process) == "dotnet" ? [process, Assembly.GetEntryAssembly()!.Location] : [process];
    }

    private static void Print(List<BuildResult> results)
    {
        foreach (BuildResult result in results)
        {
            Console.Out.WriteLine(result.Artifact is { } artifact
                ? FormattableString.Invariant($"{result.Wanted.Name}: {artifact.FileBytes + artifact.Parts.Sum(part => part.Bytes):N0} bytes in {result.Seconds:0.0} s, {artifact.Path}")
                : $"{result.Wanted.Name}: not built: {result.Failure!.Message}");
        }
        Console.Out.WriteLine($"{results.Count(result => result.Artifact is not null)} of {results.Count} artifacts are in the cache.");
    }
}
