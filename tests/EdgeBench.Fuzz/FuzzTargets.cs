using EdgeBench.Fuzz.Targets;

namespace EdgeBench.Fuzz;

/// <summary>All targets, by name.</summary>
public static class FuzzTargets
{
    public static IReadOnlyList<IFuzzTarget> All { get; } =
    [
        new GgufTarget(),
        new OnnxTarget(),
    ];
}
