using System.CommandLine;
using EdgeBench.Core.Artifacts;
using EdgeBench.Core.Configuration;
using EdgeBench.Core.IO;
using EdgeBench.Core.Problems;
using EdgeBench.Models.Gguf;
using EdgeBench.Models.Shapes;
using EdgeBench.Models.Sources;

namespace EdgeBench.Cli.Commands;

/// <summary><c>edgebench models list|inspect|pull|imatrix</c>.</summary>
internal static class ModelsCommand
{
    public static Command Create() => new("models", "List presets, look into checkpoints, fetch them.") { CreateList(), CreateInspect(), CreatePull(), ImatrixCommand.Create() };

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

    private static Command CreateInspect()
    {
        Argument<string> source = new("model") { Description = "A source such as file:model.gguf, random:llama-15m, hf:org/name, or a path." };
        Option<OutputFormat> format = new("--format") { Description = "table or json." };
        Command command = new("inspect", "Architecture, tensors and bytes by type of a GGUF file.") { source, format };
        command.SetAction(async (parsed, cancellation) =>
        {
            Checkpoint checkpoint = await ResolveAsync(parsed.GetRequiredValue(source), null, cancellation);
            using GgufFile file = GgufFile.Open(checkpoint.Path);
            if (parsed.GetValue(format) == OutputFormat.Json)
            {
                Console.Out.WriteLine(System.Text.Json.JsonSerializer.Serialize(new
                {
                    checkpoint.Path,
                    checkpoint.Sha256,
                    file.FileBytes,
                    file.WeightBytes,
                    file.Architecture,
                    file.Shape,
                    file.Types,
                    Tensors = file.Tensors.Select(tensor => new { tensor.Name, Type = tensor.Type.ToString(), tensor.Dimensions, tensor.Bytes }),
                }, EdgeBenchJson.Indented));
                return (int)ExitCode.Done;
            }
            Console.Out.WriteLine($"file          {checkpoint.Path}");
            Console.Out.WriteLine($"sha256        {checkpoint.Sha256}");
            Console.Out.WriteLine($"format        GGUF v{file.Version}, {file.FileBytes:N0} bytes, {file.WeightBytes:N0} of them tensors");
            Console.Out.WriteLine($"architecture  {file.Architecture}");
            if (file.Shape is { } shape)
            {
                Console.Out.WriteLine($"shape         {shape.Layers} layers, width {shape.Width}, {shape.Heads} heads, {shape.KvHeads} KV heads, FFN {shape.Ffn}, vocabulary {shape.Vocabulary}, context {shape.Context}");
            }
            foreach (string key in new[] { "general.name", "general.license", "tokenizer.ggml.model", "tokenizer.ggml.pre" })
                if (file.Metadata.TryGetValue(key, out GgufValue? value)) Console.Out.WriteLine($"{key,-21} {value}");
            foreach (TypeUsage type in file.Types) Console.Out.WriteLine($"{type.Type,-6} {type.Tensors,5} tensors {type.Elements,15:N0} elements {type.Bytes,15:N0} bytes");
            foreach (GgufTensor tensor in file.Tensors)
                Console.Out.WriteLine($"  {tensor.Name,-32} {tensor.Type,-6} {string.Join(" x ", tensor.Dimensions),-18} {tensor.Bytes,13:N0} bytes");
            return (int)ExitCode.Done;
        });
        return command;
    }

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

    /// <summary>A checkpoint from what was typed; a path needs no <c>file:</c> before it.</summary>
    public static Task<Checkpoint> ResolveAsync(string source, string? file, CancellationToken cancellation)
    {
        ModelSpec model = new() { Name = "model", Source = File.Exists(source) ? $"file:{source}" : source, File = file };
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
