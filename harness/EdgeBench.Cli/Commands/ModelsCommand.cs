using System.CommandLine;
using EdgeBench.Core.Configuration;
using EdgeBench.Core.IO;
using EdgeBench.Core.Problems;
using EdgeBench.Models.Gguf;
using EdgeBench.Models.Shapes;
using EdgeBench.Models.Sources;

namespace EdgeBench.Cli.Commands;

/// <summary><c>edgebench models list|inspect|pull|convert</c>.</summary>
internal static class ModelsCommand
{
    public static Command Create() => new("models", "List presets, look into checkpoints, fetch and convert them.") { CreateList(), ModelsInspectCommand.Create(), CreatePull(), ModelsConvertCommand.Create() };

    private static Command CreateList()
    {
        Command command = new("list", "Presets of random: with parameters and bytes by type, computed without writing them.");
        command.SetAction(_ =>
        {
            Console.Out.WriteLine($"{"preset",-26} {"parameters",14} {"f16 MB",9} {"q8_0 MB",9} {"q4_0 MB",9}");
            foreach (string name in ShapePresets.Names)
            {
                TensorPlan plan = TensorPlan.For(ShapePresets.Find(name));
                Console.Out.WriteLine($"{"random:" + name,-26} {plan.Parameters,14:N0} {Megabytes(plan, GgmlType.F16),9:N0} {Megabytes(plan, GgmlType.Q8_0),9:N0} {Megabytes(plan, GgmlType.Q4_0),9:N0}");
            }
            return (int)ExitCode.Done;
        });
        return command;
    }

    private static double Megabytes(TensorPlan plan, GgmlType type) => plan.Bytes(type) / 1e6;

    private static Command CreatePull()
    {
        Argument<string> source = new("model") { Description = "A source such as hf:org/name[@revision] or random:smollm2-135m." };
        Option<string?> file = new("--file") { Description = "Which file of an hf: repository." };
        Command command = new("pull", "Fetch or write a checkpoint into the cache.") { source, file };
        command.SetAction(async (parsed, cancellation) =>
        {
            Checkpoint checkpoint = await ResolveAsync(parsed.GetRequiredValue(source), parsed.GetValue(file), cancellation);
            Console.Out.WriteLine($"{checkpoint.Path}  {checkpoint.Bytes:N0} bytes  sha256 {checkpoint.Sha256}");
            return (int)ExitCode.Done;
        });
        return command;
    }

    /// <summary>The folder that was typed, with or without <c>file:</c> before it; null for anything else.</summary>
    public static string? FolderOf(string source)
    {
        string path = source.StartsWith("file:", StringComparison.Ordinal) ? source["file:".Length..] : source;
        return path.Length > 0 && Directory.Exists(path) ? Path.GetFullPath(path) : null;
    }

    /// <summary>A checkpoint from what was typed; a path needs no <c>file:</c> before it.</summary>
    public static Task<Checkpoint> ResolveAsync(string source, string? file, CancellationToken cancellation)
    {
        ModelSpec model = new() { Name = "model", Source = File.Exists(source) || Directory.Exists(source) ? $"file:{source}" : source, File = file };
        SourceContext context = new(Environment.CurrentDirectory, CacheFolders.Root, new Lines());
        return ModelSourceRegistry.For(model).ResolveAsync(model, context, cancellation);
    }

    private sealed class Lines : IProgress<SourceProgress>
    {
        private string _last = "";

        public void Report(SourceProgress value)
        {
            string line = value.Total is > 0 and { } total ? $"{value.What} {100 * value.Bytes / total} %" : value.What;
            if (line == _last) return;
            _last = line;
            Console.Error.WriteLine(line);
        }
    }
}
