using EdgeBench.Compression.FineTuning;
using EdgeBench.Compression.Folding;
using EdgeBench.Compression.MixedPrecision;
using EdgeBench.Core.Problems;

namespace EdgeBench.Compression.Passes;

/// <summary>Every pass that a recipe can name.</summary>
public static class PassRegistry
{
    public static IReadOnlyList<IPass> All { get; } = [new ConvertPass(), new FoldPass(), new PtqPass(), new MixedPass(), new QatPass(), new PeftPass(), new KvCachePass(), new OnnxPass()];

    /// <summary>Passes of tests, found as the others are and offered to nobody.</summary>
    internal static IReadOnlyList<IPass> Hidden { get; set; } = [];

    /// <summary>Throws <see cref="EdgeBenchException"/> (bad input) with the allowed names.</summary>
    public static IPass Find(string name)
    {
        foreach (IPass pass in All.Concat(Hidden))
        {
            if (pass.Name == name) return pass;
        }
        string[] names = [.. All.Select(pass => pass.Name)];
        throw EdgeBenchException.BadInput($"pass '{name}'", $"one of {string.Join(", ", names)}", Nearest.Question(name, names));
    }
}
