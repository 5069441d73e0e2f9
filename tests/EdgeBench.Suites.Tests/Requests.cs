using System.Text.Json;
using EdgeBench.Core.Artifacts;
using EdgeBench.Core.Backends;
using EdgeBench.Core.IO;
using EdgeBench.Core.Trials;
using EdgeBench.Core.Workloads;
using EdgeBench.Testing.Fakes;

namespace EdgeBench.Suites.Tests;

/// <summary>Trial requests and contexts around fakes.</summary>
internal static class Requests
{
    public static JsonElement Json(object parameters) => JsonSerializer.SerializeToElement(parameters, parameters.GetType(), EdgeBenchJson.Options);

    public static WorkloadContext Context(
        IBackendSession session, RecordingSink sink, object parameters, Sampling? sampling = null, string artifact = "a", string? reference = null,
        Func<IBackendSession>? openReference = null, IReadOnlyDictionary<string, DataFile>? data = null, IReadOnlyList<ArtifactPart>? parts = null) => new()
        {
            Session = session,
            Samples = sink,
            OpenReference = openReference ?? (() => throw new InvalidOperationException("The reference must not be opened.")),
            Request = new TrialRequest
            {
                TrialId = "t",
                CellId = "c",
                Backend = "fake",
                BackendOptions = Json(new { }),
                Artifact = new("a.gguf", "gguf", 1, artifact) { Parts = parts ?? [] },
                Reference = reference is null ? null : new("r.gguf", "gguf", 1, reference),
                Workload = "w",
                Parameters = Json(parameters),
                Threads = 1,
                Data = data ?? new Dictionary<string, DataFile>(),
                Sampling = sampling ?? new(1, 3, 0, 60),
                Limits = new(60, 0),
                Seed = 42,
            },
        };
}
