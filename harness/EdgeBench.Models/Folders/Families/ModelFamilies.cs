using EdgeBench.Core.Problems;
using EdgeBench.Models.Files;

namespace EdgeBench.Models.Folders.Families;

/// <summary>All families.</summary>
internal static class ModelFamilies
{
    private static readonly ModelFamily[] s_all = [new LlamaFamily(), new Qwen2Family(), new Qwen3Family(), new GemmaFamily(), new Gemma2Family(), new Gemma3Family(), new Phi3Family(), new BertFamily()];

    public static IReadOnlyList<ModelFamily> All => s_all;

    /// <summary>Throws <see cref="EdgeBenchException"/> (bad input) that names the class and lists the supported ones.</summary>
    public static ModelFamily OfConfig(ConfigFile config)
    {
        string name = config.Architecture;
        string[] known = [.. s_all.SelectMany(family => family.Classes)];
        return s_all.FirstOrDefault(family => family.Classes.Contains(name))
            ?? throw EdgeBenchException.BadInput($"architecture {FileErrors.Quoted(name)}", $"one of {string.Join(", ", known)}", Nearest.Question(name, known), config.Path, "architectures[0]");
    }

    /// <summary>The family of a GGUF architecture. Throws likewise.</summary>
    public static ModelFamily OfGguf(string architecture, string path)
    {
        string[] known = [.. s_all.Select(family => family.Architecture)];
        return s_all.FirstOrDefault(family => family.Architecture == architecture)
            ?? throw EdgeBenchException.BadInput($"architecture {FileErrors.Quoted(architecture)}", $"one of {string.Join(", ", known)}", Nearest.Question(architecture, known), path);
    }
}
