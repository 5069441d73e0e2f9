using System.Text.Json;
using EdgeBench.Backends;
using EdgeBench.Core.Backends;
using EdgeBench.Core.Trials;

namespace EdgeBench.Engine.Tests;

/// <summary>Logits of llama.cpp with everything in float32, or a skip where it is not installed.</summary>
internal static class LlamaCpp
{
    private static readonly JsonElement s_options = JsonSerializer.SerializeToElement(new { kv_type = "f32", flash_attention = "off" });

    /// <summary>[tokens, vocabulary].</summary>
    public static float[] Logits(string path, int[] tokens, int context)
    {
        IBackend backend = BackendRegistry.Find("llamacpp");
        BackendStatus status = backend.Probe(s_options);
        Assert.SkipUnless(status.Installed, $"needs llama.cpp: {status.Problem}");
        using IBackendSession session = backend.Open(new ArtifactFile(path, "gguf", new FileInfo(path).Length, ""), s_options, new SessionNeeds(1, context, tokens.Length));
        return Of(session, tokens);
    }

    /// <summary>[tokens, vocabulary].</summary>
    public static float[] Of(IBackendSession session, int[] tokens)
    {
        int vocabulary = session.Facts.Vocabulary;
        float[] all = new float[tokens.Length * vocabulary];
        session.Evaluate(tokens, 0, (row, logits) => logits.CopyTo(all.AsSpan(row * vocabulary)));
        return all;
    }
}
