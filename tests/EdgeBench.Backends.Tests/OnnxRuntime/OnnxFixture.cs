using System.Text.Json;
using EdgeBench.Backends.LlamaCpp;
using EdgeBench.Backends.OnnxRuntime;
using EdgeBench.Backends.Tests.LlamaCpp;
using EdgeBench.Core.Backends;
using EdgeBench.Core.IO;
using EdgeBench.Core.Trials;
using EdgeBench.Models.Gguf;
using EdgeBench.Models.Onnx.Export;

namespace EdgeBench.Backends.Tests.OnnxRuntime;

/// <summary>Exports and sessions for tests, and llama.cpp's logits of the same tokens beside them.</summary>
internal static class OnnxFixture
{
    public static OnnxRuntimeBackend Backend { get; } = new();

    public static JsonElement Options(OnnxRuntimeOptions? options = null) => JsonSerializer.SerializeToElement(options ?? new(), EdgeBenchJson.Options);

    public static OnnxExportReport Export(string gguf, string folder, OnnxExportOptions? options = null)
    {
        using GgufFile file = GgufFile.Open(gguf);
        return OnnxExporter.Export(file, folder, options ?? new());
    }

    public static ArtifactFile Artifact(string folder) => new(Path.Combine(folder, OnnxExporter.ModelFile), "onnx", 0, "not checked here");

    public static IBackendSession Open(string folder, OnnxRuntimeOptions? options = null, int context = 256, int rows = 256, int threads = 1) =>
        Backend.Open(Artifact(folder), Options(options), new SessionNeeds(threads, context, rows));

    /// <summary>llama.cpp's logits after each token with a float32 cache and plain attention; skips where the library is not installed.</summary>
    public static float[][] LlamaCppLogits(string gguf, int[] tokens)
    {
        LlamaCppFixture.RequireLibrary();
        LlamaCppOptions options = new() { KvType = KvType.F32, FlashAttention = FlashAttention.Off };
        using IBackendSession session = LlamaCppFixture.Backend.Open(LlamaCppFixture.File(gguf), LlamaCppFixture.Options(options), new SessionNeeds(1, tokens.Length, tokens.Length));
        return Rows(session, tokens);
    }

    public static float[][] Rows(IBackendSession session, int[] tokens)
    {
        float[][] rows = new float[tokens.Length][];
        session.Evaluate(tokens, 0, (index, logits) => rows[index] = logits.ToArray());
        return rows;
    }

    public static float LargestDifference(float[][] expected, float[][] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        return expected.Zip(actual).Max(pair => pair.First.Zip(pair.Second).Max(values => Math.Abs(values.First - values.Second)));
    }

    public static int[] Tokens(int count, int vocabulary, int seed = 3)
    {
        Random random = new(seed);
        return [.. Enumerable.Range(0, count).Select(_ => random.Next(vocabulary))];
    }
}
