using System.Text.Json;
using EdgeBench.Core.Workloads;

namespace EdgeBench.Running.Configuration;

/// <summary>Every name that <c>bench.yaml</c> may use and the record type of its parameters; filled from the registries.</summary>
public sealed record ConfigurationVocabulary
{
    /// <summary>Pass name to the record type of its parameters.</summary>
    public required IReadOnlyDictionary<string, Type> Passes { get; init; }

    /// <summary>Backend type name to the record type of its options.</summary>
    public required IReadOnlyDictionary<string, Type> Backends { get; init; }

    public required IReadOnlyDictionary<string, WorkloadVocabulary> Workloads { get; init; }

    /// <summary>Prefixes of a model's source: <c>file</c>, <c>hf</c>, <c>random</c> …</summary>
    public required IReadOnlyCollection<string> ModelSchemes { get; init; }

    /// <summary>Devices that need no file.</summary>
    public required IReadOnlyCollection<string> Devices { get; init; }

    /// <summary>Launcher name to the record type of its options; null where it takes none.</summary>
    public IReadOnlyDictionary<string, Type?> Launchers { get; init; } = new Dictionary<string, Type?> { ["local"] = null };

    /// <summary>Power meter type to the record type of its options; null where it takes none.</summary>
    public IReadOnlyDictionary<string, Type?> Meters { get; init; } = new Dictionary<string, Type?>();

    /// <summary>Names of device profiles.</summary>
    public IReadOnlyCollection<string> Profiles { get; init; } = [];
}

/// <summary>A workload as the configuration needs to know it.</summary>
/// <param name="Parameters">Record type of its parameters, besides <c>threads</c>.</param>
/// <param name="Tests">
/// Splits complete parameters into tests. May throw <see cref="Core.Problems.EdgeBenchException"/>, whose problems are shown at the workload's place.
/// </param>
/// <param name="IsTask">Whether users write <c>task:</c> (it scores quality) rather than <c>scenario:</c>.</param>
public sealed record WorkloadVocabulary(Type Parameters, Func<JsonElement, IReadOnlyList<WorkloadTest>> Tests, bool IsTask = false);
