using System.CommandLine;
using EdgeBench.Compression.Artifacts;
using EdgeBench.Core.Artifacts;
using EdgeBench.Core.Configuration;
using EdgeBench.Core.IO;
using EdgeBench.Core.Problems;
using EdgeBench.Models.Sources;
using EdgeBench.Running.Configuration;
using EdgeBench.Running.Execution;

namespace EdgeBench.Cli.Commands;

/// <summary><c>edgebench compress</c>: one recipe of a bench.yaml, or one pass, applied to a model and written to a file.</summary>
internal static class CompressCommand
{
    public static Command Create()
    {
        Argument<string> source = new("model") { Description = "A source such as file:model.gguf, hf:org/name, random:smollm2-135m, or a path." };
        Option<string> recipe = new("--recipe") { Description = "A recipe as YAML: '[{ ptq: { weights: q4_0 } }]'.", Required = true, HelpName = "yaml" };
        Option<string> output = new("--output", "-o") { Description = "File to write.", Required = true };
        Command command = new("compress", "Apply a recipe to a model and write the artifact.") { source, recipe, output };
        command.SetAction(async (parsed, cancellation) =>
        {
            string path = Path.GetFullPath(parsed.GetRequiredValue(output));
            RecipeSpec spec = RecipeText.Parse(parsed.GetRequiredValue(recipe), HarnessVocabulary.Instance);
            Checkpoint checkpoint = await ModelsCommand.ResolveAsync(parsed.GetRequiredValue(source), null, cancellation);
            ArtifactDescription artifact = new ArtifactStore(CacheFolders.Artifacts).Build(
                new ArtifactRequest(checkpoint, spec) { Data = RecipeText.DataFiles(spec, Directory.GetCurrentDirectory()) }, null, cancellation);
            AtomicFile.Write(path, stream =>
            {
                using FileStream built = File.OpenRead(artifact.Path);
                built.CopyTo(stream);
            });
            Console.Out.WriteLine($"{path}  {artifact.FileBytes:N0} bytes  sha256 {artifact.Sha256}");
            foreach (TypeUsage type in artifact.Types) Console.Out.WriteLine($"  {type.Type,-6} {type.Tensors,5} tensors {type.Bytes,15:N0} bytes");
            foreach (PassReadback pass in artifact.Readback) Console.Out.WriteLine($"  {pass.Pass}: asked {pass.Asked}; found {pass.Found} ({pass.Applied})");
            return (int)(artifact.Readback.All(pass => pass.Applied != Applied.NotApplied) ? ExitCode.Done : ExitCode.MissingCells);
        });
        return command;
    }
}
