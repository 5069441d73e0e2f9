using System.Text.Json;
using EdgeBench.Backends;
using EdgeBench.Core.Backends;
using EdgeBench.Core.Metrics;
using EdgeBench.Core.Trials;
using EdgeBench.Suites.Perplexity;
using EdgeBench.Testing;
using EdgeBench.Testing.Fakes;

namespace EdgeBench.Suites.Tests.Perplexity;

public class PerplexityGoldenTests
{
    // golden/compression-valid.json, torch/stories15M/denseS/valid: PyTorch in float32 over the first 32 of the sampled texts, 256 tokens each.
    [Theory]
    [InlineData(ScoredPart.SecondHalf, 2.799379793497933, 4064)]
    [InlineData(ScoredPart.All, 2.8148131605105218, 8160)]
    public void Stories15m_has_the_perplexity_that_PyTorch_finds(ScoredPart score, double expected, int scored)
    {
        string model = RepositoryFiles.Shared("models/stories15m/stories15M-F16.gguf");
        int[][] texts = JsonSerializer.Deserialize<int[][]>(File.ReadAllText(RepositoryFiles.Shared("golden/stories15M-ids-valid.json")))!;
        IBackend backend = BackendRegistry.Find("llamacpp");
        BackendStatus status = backend.Probe(Requests.Json(new { }));
        Assert.SkipUnless(status.Installed, $"needs llama.cpp: {status.Problem}");

        using IBackendSession session = backend.Open(new ArtifactFile(model, "gguf", 0, ""), Requests.Json(new { }), new SessionNeeds(1, 256, WindowScorer.RowsAtOnce));
        int[] tokens = [.. texts[..32].SelectMany(text => text)];
        RecordingSink sink = new();
        WindowScorer scorer = new(session, reference: null, ownReference: false, sink, WindowPlan.Of(tokens.Length, 256, 0, score), tokens);
        for (int window = 0; window < 32; window++) scorer.Score(window);

        double[] losses = sink.Values(MetricRegistry.TokenNll);
        Assert.Equal(scored, losses.Length);
        // The file's F16 weights and the F16 cache move the loss by under one in a thousand.
        Assert.Equal(Math.Log(expected), losses.Average(), 1e-3);
    }
}
