using EdgeBench.Backends;
using EdgeBench.Compression.Artifacts;
using EdgeBench.Core.Backends;
using EdgeBench.Core.Cells;
using EdgeBench.Core.Configuration;
using EdgeBench.Core.Trials;
using EdgeBench.Suites;

namespace EdgeBench.Running.Execution;

/// <summary>
/// Who runs the uncompressed reference: one backend for all cells of a model, so that the same tokens through every backend are compared with the
/// same logits. It is the first of the configuration that opens sessions on GGUF, which holds every model as it was stored, and adds to the model what the
/// cell's own adds (adapters); without one, the cell's own.
/// </summary>
internal static class ReferenceBackend
{
    /// <summary>Whether a workload repeats and needs a reference does not depend on how long its texts are.</summary>
    public static IReadOnlyDictionary<string, long> NoData { get; } = new Dictionary<string, long>();

    /// <summary>Null for a cell whose workload compares with nothing.</summary>
    public static BackendSpec? For(Cell cell, PlannedRun run) =>
        !WorkloadRegistry.Find(cell.Workload.Type).Cost(cell.Workload.Parameters, NoData).UsesReference ? null
        : run.Outlines[cell.Model.Name].Format != ArtifactStore.Format ? cell.Backend
        : run.Configuration.Backends.FirstOrDefault(spec => OpensCheckpoints(spec) && CanStandFor(spec, cell)) ?? cell.Backend;

    /// <summary>SHA-256 of the files that a backend's options name, in their order; null where they name none.</summary>
    public static IReadOnlyList<string>? FilesOf(BackendSpec backend, IReadOnlyDictionary<string, DataFile> data) =>
        BackendRegistry.Find(backend.Type).DataFiles(backend.Options) is { Count: > 0 } files ? [.. files.Select(file => data[file].Sha256)] : null;

    /// <summary>The format that a backend runs.</summary>
    public static string FormatOf(BackendSpec backend) => BackendRegistry.Find(backend.Type).FormatOf(backend.Options);

    private static bool CanStandFor(BackendSpec spec, Cell cell) => Additions(spec) == Additions(cell.Backend)
        && BackendRegistry.Find(spec.Type).Unsuited(spec.Options, WorkloadRegistry.Find(cell.Workload.Type).Needs(cell.Workload.Parameters, cell.Workload.Threads)) is null;

    private static string? Additions(BackendSpec spec) => BackendRegistry.Find(spec.Type).Additions(spec.Options);

    private static bool OpensCheckpoints(BackendSpec spec) =>
        BackendRegistry.Find(spec.Type) is var backend and not IMeasuringBackend && backend.FormatOf(spec.Options) == ArtifactStore.Format;
}
