using EdgeBench.Fuzz.Targets;

namespace EdgeBench.Fuzz;

/// <summary>All targets, by name.</summary>
public static class FuzzTargets
{
    public static IReadOnlyList<IFuzzTarget> All { get; } =
    [
        new GgufTarget(),
        new SafetensorsTarget(),
        new ShardIndexTarget(),
        new ConfigTarget(),
        new TokenizerJsonTarget(),
        new SentencePieceTarget(),
        new TokenizerEncodeTarget(),
        new ChatTemplateTarget(),
        new OnnxTarget(),
    ];
}
