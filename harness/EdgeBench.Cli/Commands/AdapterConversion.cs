using EdgeBench.Core.IO;
using EdgeBench.Core.Problems;
using EdgeBench.Models.Adapters;
using EdgeBench.Models.Folders;
using EdgeBench.Models.Gguf;

namespace EdgeBench.Cli.Commands;

/// <summary><c>edgebench models convert</c> of an adapter: PEFT's folder to a GGUF file, and back.</summary>
internal static class AdapterConversion
{
    /// <summary>Whether what was typed is an adapter, in either form.</summary>
    public static bool IsAdapter(string source)
    {
        if (ModelsCommand.FolderOf(source) is { } folder) return PeftFolder.IsOne(folder);
        if (!File.Exists(source)) return false;
        using GgufFile file = GgufFile.Open(source);
        return AdapterHeader.IsAdapter(file);
    }

    /// <summary>Converts and says what was written. Throws <see cref="EdgeBenchException"/> (bad input), and leaves nothing then.</summary>
    /// <param name="model">The base model's file or folder.</param>
    public static void Run(string source, string target, bool toGguf, AdapterBase model, WeightType type, bool force)
    {
        bool isFolder = ModelsCommand.FolderOf(source) is not null;
        if (isFolder != toGguf) throw EdgeBenchException.BadInput($"adapter '{source}' to {(toGguf ? "GGUF" : "a folder")}", $"{(isFolder ? "an output that ends with .gguf" : "a folder")}: it is that already", "Name another output, or give --to.");
        if (toGguf && Directory.Exists(target)) throw EdgeBenchException.BadInput($"'{target}' is a folder", "a file to write", "Choose another path.");
        if (toGguf && File.Exists(target) && !force) throw EdgeBenchException.BadInput($"file '{target}' exists", "a new file", "Choose another path, or replace it with --force.");
        Adapter adapter = Typed(isFolder ? PeftFolder.Read(ModelsCommand.FolderOf(source)!, model) : GgufAdapter.Read(source, model), type);
        if (toGguf) DiskSpace.Guard(Path.GetDirectoryName(target)!, $"'{Path.GetFileName(target)}'", () => GgufAdapter.Write(target, adapter, model));
        else PeftFolder.Write(target, adapter, model, force);
        string written = toGguf ? target : Path.Combine(target, PeftFolder.Weights);
        Console.Out.WriteLine($"{target}  {new FileInfo(written).Length:N0} bytes  sha256 {ContentHash.OfFile(written)}");
        Console.Out.WriteLine($"  {AdapterHeader.NameOf(adapter.Kind)} adapter of {model.Architecture.Name} {model.Architecture.Layers}x{model.Architecture.Width}, {adapter.Parameters:N0} parameters in {adapter.Tensors.Count} tensors");
        if (adapter.Kind == AdapterKind.Lora) Console.Out.WriteLine(FormattableString.Invariant($"  rank {adapter.Rank}, alpha {adapter.Alpha}{(adapter.IsRankStabilised ? " over the square root of the rank (rsLoRA)" : "")}, on {string.Join(", ", adapter.Targets)}"));
    }

    private static Adapter Typed(Adapter adapter, WeightType type) => type == WeightType.Stored ? adapter : adapter with
    {
        Tensors = [.. adapter.Tensors.Select(tensor => tensor with { Type = type switch { WeightType.F16 => GgmlType.F16, WeightType.BF16 => GgmlType.BF16, _ => GgmlType.F32 } })],
    };
}
