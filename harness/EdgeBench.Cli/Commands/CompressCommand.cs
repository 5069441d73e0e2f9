using System.CommandLine;
using EdgeBench.Compression.Artifacts;
using EdgeBench.Compression.Formats;
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
        Option<string> output = new("--output", "-o") { Description = "File to write; for other formats than gguf a folder that is not there yet.", Required = true };
        Option<string> format = new("--format") { Description = "Format of the artifact.", DefaultValueFactory = _ => ArtifactStore.Format };
        format.AcceptOnlyFromAmong([ArtifactStore.Format, .. FormatRegistry.All.Select(other => other.Name)]);
        Command command = new("compress", "Apply a recipe to a model and write the artifact.") { source, recipe, output, format };
        command.SetAction(async (parsed, cancellation) =>
        {
            string path = Path.GetFullPath(parsed.GetRequiredValue(output));
            RecipeSpec spec = RecipeText.Parse(parsed.GetRequiredValue(recipe), HarnessVocabulary.Instance);
            Checkpoint checkpoint = await ModelsCommand.ResolveAsync(parsed.GetRequiredValue(source), null, cancellation);
            ArtifactDescription artifact = new ArtifactStore(CacheFolders.Artifacts).Build(
                new ArtifactRequest(checkpoint, spec)
                {
                    Data = RecipeText.DataFiles(spec, Directory.GetCurrentDirectory()),
                    Format = parsed.GetRequiredValue(format),
                }, new ErrorLines(), cancellation);
            if (artifact.Format == ArtifactStore.Format) CopyFile(artifact.Path, path);
            else CopyFolder(artifact, path);
            Console.Out.WriteLine($"{path}  {artifact.FileBytes:N0} bytes  sha256 {artifact.Sha256}");
            if (artifact.Format == ArtifactStore.Format) CopyAdapter(artifact, path);
            foreach (TypeUsage type in artifact.Types) Console.Out.WriteLine($"  {type.Type,-6} {type.Tensors,5} tensors {type.Bytes,15:N0} bytes");
            foreach (PassReadback pass in artifact.Readback) Console.Out.WriteLine($"  {pass.Pass}: asked {pass.Asked}; found {pass.Found} ({pass.Applied})");
            foreach (PassReadback pass in artifact.Readback.Where(pass => pass.Tensors.Count > 0))
            {
                TensorError worst = pass.Tensors.MaxBy(tensor => tensor.WeightError)!;
                Console.Out.WriteLine(FormattableString.Invariant(
                    $"  {pass.Pass}: weight error {100 * pass.Tensors.Average(tensor => tensor.WeightError):0.00} % on average over {pass.Tensors.Count} tensors, at most {100 * worst.WeightError:0.00} % ({worst.Tensor})"));
            }
            foreach (PassReadback pass in artifact.Readback)
            {
                foreach ((string name, string value) in pass.Facts) Console.Out.WriteLine($"  {pass.Pass}: {name} {value}");
            }
            return (int)(artifact.Readback.All(pass => pass.Applied != Applied.NotApplied) ? ExitCode.Done : ExitCode.MissingCells);
        });
        return command;
    }

    private static void CopyFile(string from, string to) => AtomicFile.Write(to, stream =>
    {
        using FileStream built = File.OpenRead(from);
        built.CopyTo(stream);
    });

    // model.gguf with model.adapter.gguf beside it.
    private static void CopyAdapter(ArtifactDescription artifact, string path)
    {
        foreach (ArtifactPart part in artifact.Parts)
        {
            string beside = $"{Path.Combine(Path.GetDirectoryName(path)!, Path.GetFileNameWithoutExtension(path))}.{part.Name}";
            CopyFile(Path.Combine(Path.GetDirectoryName(artifact.Path)!, part.Name), beside);
            Console.Out.WriteLine($"{beside}  {part.Bytes:N0} bytes  sha256 {part.Sha256}");
        }
    }

    // The folder appears whole, by one rename.
    private static void CopyFolder(ArtifactDescription artifact, string path)
    {
        if (Path.Exists(path)) throw EdgeBenchException.BadInput($"'{path}' exists", "a folder that is not there yet", "Name another, or remove it.");
        string work = $"{path}.{Environment.ProcessId}-{Guid.NewGuid():N}.partial";
        Directory.CreateDirectory(work);
        try
        {
            string source = Path.GetDirectoryName(artifact.Path)!;
            foreach (string name in artifact.Parts.Select(part => part.Name).Prepend(Path.GetFileName(artifact.Path))) File.Copy(Path.Combine(source, name), Path.Combine(work, name));
            Directory.Move(work, path);
        }
        catch
        {
            Directory.Delete(work, recursive: true);
            throw;
        }
    }

    private sealed class ErrorLines : IProgress<string>
    {
        public void Report(string value) => Console.Error.WriteLine(value);
    }
}
