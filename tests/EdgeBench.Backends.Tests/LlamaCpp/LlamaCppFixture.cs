using System.Text.Json;
using EdgeBench.Backends.LlamaCpp;
using EdgeBench.Core.Backends;
using EdgeBench.Core.IO;
using EdgeBench.Core.Trials;
using EdgeBench.Testing;

namespace EdgeBench.Backends.Tests.LlamaCpp;

/// <summary>The real library and a 0.5 MB model, or a skip that says which is missing.</summary>
internal static class LlamaCppFixture
{
    public static LlamaCppBackend Backend { get; } = new();

    public static JsonElement Options(LlamaCppOptions? options = null) => JsonSerializer.SerializeToElement(options ?? new(), EdgeBenchJson.Options);

    public static IBackendSession Open(LlamaCppOptions? options = null, int context = 256, int rows = 256, int threads = 1) =>
        Backend.Open(Stories(), Options(options), new SessionNeeds(threads, context, rows));

    public static ArtifactFile Stories()
    {
        RequireLibrary();
        string path = RepositoryFiles.Shared("models/stories260k/stories260K-F16.gguf");
        return new(path, "gguf", new FileInfo(path).Length, "not checked here");
    }

    public static ArtifactFile File(string path) => new(path, "gguf", System.IO.File.Exists(path) ? new FileInfo(path).Length : 0, "not checked here");

    public static void RequireLibrary()
    {
        BackendStatus status = Backend.Probe(Options());
        Assert.SkipUnless(status.Installed, $"needs llama.cpp ({status.Problem}); run 'edgebench backends install llamacpp' or set {LlamaCppFolder.Variable}");
    }
}
