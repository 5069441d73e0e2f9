using System.CommandLine;
using EdgeBench.Core.Artifacts;
using EdgeBench.Core.IO;
using EdgeBench.Core.Problems;
using EdgeBench.Models.Adapters;
using EdgeBench.Models.Folders;
using EdgeBench.Models.Gguf;

namespace EdgeBench.Cli.Commands;

/// <summary><c>edgebench models convert</c>: a folder to a GGUF file, a GGUF file to a folder, of models and of adapters.</summary>
internal static class ModelsConvertCommand
{
    private enum Container
    {
        Gguf,
        Folder,
    }

    public static Command Create()
    {
        Argument<string> source = new("model") { Description = "A GGUF file, a Hugging Face folder, or a source." };
        Option<string> output = new("--output", "-o") { Description = "File or folder to write.", Required = true };
        Option<Container?> to = new("--to") { Description = "gguf or folder; left out, gguf where the output ends with .gguf." };
        Option<WeightType> type = new("--type") { Description = "Type of weight matrices: stored (quantised ones become f32 in a folder), f32, f16 or bf16." };
        Option<bool> blocks = new("--keep-blocks") { Description = "In a folder, keep quantised tensors as blocks that only EdgeBench reads back." };
        Option<bool> noTokenizer = new("--no-tokenizer") { Description = "Leave the tokenizer out of the GGUF file." };
        Option<string?> model = new("--base") { Description = "For an adapter: its base model, a GGUF file, a Hugging Face folder, or a source." };
        Option<bool> force = new("--force") { Description = "Replace the output where it exists." };
        Command command = new("convert", "Between GGUF files and Hugging Face folders, there and back without loss.") { source, output, to, type, blocks, noTokenizer, model, force };
        command.SetAction(async (parsed, cancellation) =>
        {
            string from = parsed.GetRequiredValue(source), path = Path.GetFullPath(parsed.GetRequiredValue(output));
            Container target = parsed.GetValue(to) ?? (path.EndsWith(".gguf", StringComparison.OrdinalIgnoreCase) ? Container.Gguf : Container.Folder);
            bool keep = parsed.GetValue(blocks), drop = parsed.GetValue(noTokenizer);
            if (AdapterConversion.IsAdapter(from))
            {
                if (keep || drop) throw EdgeBenchException.BadInput($"{(keep ? "--keep-blocks" : "--no-tokenizer")} with an adapter", "it with a model");
                AdapterBase own = await BaseAsync(parsed.GetValue(model) ?? throw EdgeBenchException.BadInput($"adapter '{from}' without its model", "the base model, whose names and row orders the adapter follows", "Name it with --base: a GGUF file or a Hugging Face folder."), cancellation);
                AdapterConversion.Run(from, path, target == Container.Gguf, own, parsed.GetValue(type), parsed.GetValue(force));
                return (int)ExitCode.Done;
            }
            if (parsed.GetValue(model) is not null) throw EdgeBenchException.BadInput($"--base with '{from}', which is no adapter", "an adapter: a folder with adapter_config.json, or a GGUF file that says so");
            if (target == Container.Gguf)
            {
                if (keep) throw EdgeBenchException.BadInput("--keep-blocks with a GGUF file", "--keep-blocks with --to folder: GGUF holds blocks as they are");
                string folder = ModelsCommand.FolderOf(from) ?? throw EdgeBenchException.BadInput($"'{from}' to GGUF", "a Hugging Face folder", "To change the type of a GGUF file, use 'edgebench compress'.");
                ToGguf(folder, path, new ImportOptions(parsed.GetValue(type), !drop), parsed.GetValue(force));
                return (int)ExitCode.Done;
            }
            if (drop) throw EdgeBenchException.BadInput("--no-tokenizer with a folder", "--no-tokenizer with --to gguf");
            if (ModelsCommand.FolderOf(from) is not null) throw EdgeBenchException.BadInput($"folder '{from}' to a folder", "a GGUF file or a source", "Name the output with .gguf, or give --to gguf.");
            using GgufFile file = GgufFile.Open((await ModelsCommand.ResolveAsync(from, null, cancellation)).Path);
            ToFolder(file, path, new ExportOptions(parsed.GetValue(type), keep), parsed.GetValue(force));
            return (int)ExitCode.Done;
        });
        return command;
    }

    private static async Task<AdapterBase> BaseAsync(string source, CancellationToken cancellation) =>
        AdapterBase.Open(ModelsCommand.FolderOf(source) ?? (await ModelsCommand.ResolveAsync(source, null, cancellation)).Path);

    private static void ToGguf(string folder, string path, ImportOptions options, bool force)
    {
        if (Directory.Exists(path)) throw EdgeBenchException.BadInput($"'{path}' is a folder", "a file to write", "Choose another path.");
        if (File.Exists(path) && !force) throw EdgeBenchException.BadInput($"file '{path}' exists", "a new file", "Choose another path, or replace it with --force.");
        using IFolderContent content = FolderContent.Open(folder, options);
        string place = Path.GetDirectoryName(path)!, what = $"'{Path.GetFileName(path)}'";
        DiskSpace.Require(place, GgufWriter.Measure(content.Metadata, content.Tensors), what);
        DiskSpace.Guard(place, what, () => GgufWriter.Write(path, content.Metadata, content.Tensors));
        string hash = ContentHash.OfFile(path);
        Console.Out.WriteLine($"{path}  {new FileInfo(path).Length:N0} bytes  sha256 {hash}");
        using GgufFile written = GgufFile.Open(path);
        foreach (TypeUsage type in written.Types) Console.Out.WriteLine($"  {type.Type,-6} {type.Tensors,5} tensors {type.Bytes,15:N0} bytes");
        foreach (string note in content.Notes) Console.Out.WriteLine($"  {note}");
        if (content.ExpectedSha256 is { } expected)
        {
            Console.Out.WriteLine(hash == expected
                ? "  byte-identical to the file that the folder was exported from"
                : $"  not the bytes of the file that the folder was exported from (sha256 {expected}): its weights were changed since, or it was laid out otherwise");
        }
    }

    private static void ToFolder(GgufFile file, string path, ExportOptions options, bool force)
    {
        FolderExport export = new(file, options);
        DiskSpace.Require(Path.GetDirectoryName(path)!, export.Bytes, $"'{Path.GetFileName(path)}'");
        export.Write(path, force);
        Console.Out.WriteLine($"{path}  {export.Bytes:N0} bytes of weights");
        foreach (string name in Directory.EnumerateFiles(path).Select(Path.GetFileName).OfType<string>().Order(StringComparer.Ordinal)) Console.Out.WriteLine($"  {name}");
        foreach (string note in export.Notes) Console.Out.WriteLine($"  {note}");
    }
}
