using System.ComponentModel;

namespace EdgeBench.Core.Configuration;

/// <summary>
/// A whole <c>bench.yaml</c>, validated, lists expanded, frozen. Names are unique in each list; every list is non-empty.
/// </summary>
public sealed record BenchConfiguration
{
    public required string Name { get; init; }

    public string? Description { get; init; }

    public required IReadOnlyList<ModelSpec> Models { get; init; }

    public required IReadOnlyList<RecipeSpec> Recipes { get; init; }

    public required IReadOnlyList<BackendSpec> Backends { get; init; }

    public required IReadOnlyList<DeviceSpec> Devices { get; init; }

    public required IReadOnlyList<WorkloadSpec> Workloads { get; init; }

    public MeasureSpec Measure { get; init; } = new();

    /// <summary>Where present, only cells that match one of these rules are planned.</summary>
    public IReadOnlyList<CellRule> Include { get; init; } = [];

    /// <summary>Cells that match one of these rules are excluded, with the rule as the reason.</summary>
    public IReadOnlyList<CellRule> Exclude { get; init; } = [];
}

/// <summary>
/// A rule over a cell's names. Each part is a glob (<c>*</c>, <c>?</c>) or null for "any"; all given parts must match.
/// </summary>
public sealed record CellRule
{
    [Description("Glob (*, ?) over model names.")]
    public string? Model { get; init; }

    [Description("Glob (*, ?) over recipe names.")]
    public string? Recipe { get; init; }

    [Description("Glob (*, ?) over backend names.")]
    public string? Backend { get; init; }

    [Description("Glob (*, ?) over device names.")]
    public string? Device { get; init; }

    [Description("Glob (*, ?) over workload names.")]
    public string? Workload { get; init; }

    /// <summary>Why, for the tables.</summary>
    [Description("Why, for the tables.")]
    public string? Reason { get; init; }
}
