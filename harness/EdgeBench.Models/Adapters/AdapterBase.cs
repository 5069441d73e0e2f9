using EdgeBench.Core.Problems;
using EdgeBench.Models.Architectures;
using EdgeBench.Models.Files;
using EdgeBench.Models.Folders;
using EdgeBench.Models.Folders.Families;
using EdgeBench.Models.Gguf;

namespace EdgeBench.Models.Adapters;

/// <summary>The model that an adapter belongs to: its dimensions, and its names and row orders in both worlds. No weights are read.</summary>
public sealed class AdapterBase
{
    private AdapterBase(GgufOutline outline)
    {
        (Outline, Architecture, Family) = (outline, GgufArchitecture.Of(outline), ModelFamilies.OfGguf(outline.Architecture, outline.Path));
        if (Architecture.IsEncoder) throw EdgeBenchException.BadInput($"'{Architecture.Name}' is an encoder", "a causal decoder", "Adapters of encoders are not converted.", outline.Path);
    }

    public ModelArchitecture Architecture { get; }

    public GgufOutline Outline { get; }

    internal ModelFamily Family { get; }

    public static AdapterBase Of(GgufFile file) => new(GgufOutline.Of(file));

    /// <summary>A GGUF file or a Hugging Face folder. Throws <see cref="EdgeBenchException"/> (bad input).</summary>
    public static AdapterBase Open(string path)
    {
        if (Directory.Exists(path))
        {
            using IFolderContent content = FolderContent.Open(path, new ImportOptions(Tokenizer: false));
            return new(GgufOutline.Of(path, content.Metadata, content.Tensors));
        }
        using GgufFile file = GgufFile.Open(path);
        return Of(file);
    }

    /// <summary>GGUF's name, without suffix, of a linear layer. Throws <see cref="EdgeBenchException"/> (bad input) with the nearest one where the model has none of that name.</summary>
    internal (string Name, TensorChange Change) Linear(string huggingFace, string path)
    {
        if (new TensorNames(Family.Names).ToGguf($"{huggingFace}.weight") is (var name, var change) && Outline.Find(name)?.Dimensions.Count == 2) return (name[..^".weight".Length], change);
        string[] known = [.. Outline.Tensors.Where(tensor => tensor.Dimensions.Count == 2).Select(tensor => new TensorNames(Family.Names).ToHuggingFace(tensor.Name)?.Name[..^".weight".Length]).OfType<string>()];
        throw EdgeBenchException.BadInput($"the adapter changes {FileErrors.Quoted(huggingFace)}", $"linear layers that '{Path.GetFileName(Outline.Path)}' has, such as {known.LastOrDefault()}",
            Nearest.Question(huggingFace, known) ?? "Name the adapter's own base model.", path);
    }

    /// <summary>Hugging Face's name of a linear layer, and what its rows go through on the way to GGUF.</summary>
    internal (string Name, TensorChange Change) HuggingFace(string gguf, string path) =>
        new TensorNames(Family.Names).ToHuggingFace($"{gguf}.weight") is (var name, var change) ? (name[..^".weight".Length], change)
            : throw EdgeBenchException.BadInput($"the adapter changes {FileErrors.Quoted(gguf)}", $"linear layers of {Family.Classes[0]}", "Name the adapter's own base model.", path);

    /// <summary>Heads by which rows are reordered on the way, or 0 where they stay.</summary>
    internal int Heads(TensorChange change) => change is TensorChange.PairQueryRows or TensorChange.PairKeyRows ? ModelFamily.HeadsOf(change, Architecture.Heads, Architecture.KvHeads) : 0;

    /// <summary>Heads by which elements of keys are reordered, or 0 where they stay.</summary>
    internal int KeyHeads => Heads(Family.Names.FirstOrDefault(name => name.Gguf == "blk.{}.attn_k")?.Change ?? TensorChange.None);
}
