using EdgeBench.Core.Problems;
using EdgeBench.Models.Gguf;

namespace EdgeBench.Models.Folders.Families;

/// <summary>Linear layers of a decoder that have biases together, as a class of Hugging Face's makes them.</summary>
/// <param name="Key">The switch in config.json, or null where the class always has them.</param>
/// <param name="Layers">GGUF's names in a block.</param>
internal sealed record BiasGroup(string? Key, params IReadOnlyList<string> Layers);

/// <summary>Which biases of linear layers a folder can hold. A class would leave those aside that its config does not switch on.</summary>
internal static class LinearBiases
{
    private static readonly string[] s_layers = ["attn_q", "attn_k", "attn_v", "attn_output", "ffn_gate", "ffn_up", "ffn_down"];

    /// <summary>
    /// Switches to set in config.json for a file's biases. Throws <see cref="EdgeBenchException"/> (bad input) for a bias that the class has no place for, and for groups of which some are
    /// missing.
    /// </summary>
    public static IEnumerable<string> Switches(GgufFile file, int layers, IReadOnlyList<BiasGroup> groups, string className)
    {
        foreach (string layer in s_layers.Except(groups.SelectMany(group => group.Layers)))
        {
            if (Names(layers, [layer]).FirstOrDefault(name => file.Find(name) is not null) is { } homeless)
                throw EdgeBenchException.BadInput($"tensor '{homeless}'", $"a linear layer without bias, as {className} has it", "Keep the model as GGUF, which runs with it.", file.Path);
        }
        foreach (BiasGroup group in groups.Where(group => group.Key is not null))
        {
            string[] names = [.. Names(layers, group.Layers)];
            if (Array.TrueForAll(names, name => file.Find(name) is null)) continue;
            if (Array.Find(names, name => file.Find(name) is null) is { } missing)
                throw EdgeBenchException.BadInput($"no tensor '{missing}'", $"biases on all of {string.Join(", ", group.Layers)} in every layer or on none, as '{group.Key}' of {className} has them", "Keep the model as GGUF, which runs with it.", file.Path);
            yield return group.Key!;
        }
    }

    private static IEnumerable<string> Names(int layers, IReadOnlyList<string> of) => Enumerable.Range(0, layers).SelectMany(layer => of.Select(name => $"blk.{layer}.{name}.bias"));
}
