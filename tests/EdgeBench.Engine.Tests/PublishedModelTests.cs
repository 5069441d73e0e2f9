using System.Text.Json;
using EdgeBench.Compression.Passes;
using EdgeBench.Core.IO;
using EdgeBench.Engine.Decoding;
using EdgeBench.Engine.Sessions;
using EdgeBench.Models.Gguf;
using EdgeBench.Testing;

namespace EdgeBench.Engine.Tests;

/// <summary>Trained models against llama.cpp's float32 run and against PyTorch.</summary>
public class PublishedModelTests
{
    [Theory]
    [InlineData("models/stories260k/stories260K-F16.gguf", 512)]
    [InlineData("models/stories15m/stories15M-F16.gguf", 32_000)]
    [InlineData("models/smollm2-135m-instruct/SmolLM2-135M-Instruct.Q4_1.gguf", 49_152)]
    public void Logits_of_128_tokens_are_llama_cpps(string model, int vocabulary)
    {
        using TemporaryFolder folder = new();
        string path = folder.File("f32.gguf");
        using (GgufFile input = GgufFile.Open(RepositoryFiles.Shared(model)))
            new ConvertPass().Apply(input, path, JsonSerializer.SerializeToElement(new { weights = "f32" }, EdgeBenchJson.Options), CancellationToken.None);
        int[] tokens = [1, .. Enumerable.Range(1, 127).Select(i => 3 + (int)(i * 7919L % (vocabulary - 3)))];
        float[] expected = LlamaCpp.Logits(path, tokens, 256);

        using GgufFile file = GgufFile.Open(path);
        using EngineSession session = new(new GgufWeights(file), new(2, 256, tokens.Length), (_, _) => [], bos: null);
        Near.Absolute(expected, LlamaCpp.Of(session, tokens), 1e-3);
    }
}
