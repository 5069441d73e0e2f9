using EdgeBench.Backends;
using EdgeBench.Compression.Artifacts;
using EdgeBench.Core.Backends;
using EdgeBench.Core.Cells;
using EdgeBench.Core.Configuration;

namespace EdgeBench.Running.Execution;

/// <summary>
/// Who runs the uncompressed reference: one backend for all cells of a model, so that the same tokens through every backend are compared with the
/// same logits. It is the first of the configuration that opens sessions on GGUF, which holds every model as it was stored; without one, the cell's own.
/// </summary>
internal static class ReferenceBackend
{
    public static BackendSpec Of(Cell cell, BenchConfiguration configuration, string checkpointFormat) =>
        checkpointFormat != ArtifactStore.Format ? cell.Backend
        : configuration.Backends.FirstOrDefault(OpensCheckpoints) ?? cell.Backend;

    private static bool OpensCheckpoints(BackendSpec spec) =>
        BackendRegistry.Find(spec.Type) is var backend and not IMeasuringBackend && backend.FormatOf(spec.Options) == ArtifactStore.Format;
}
