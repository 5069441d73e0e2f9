using System.Text.Json;
using EdgeBench.Backends;
using EdgeBench.Core.Backends;
using EdgeBench.Core.IO;
using EdgeBench.Core.Metrics;
using EdgeBench.Core.Trials;
using EdgeBench.Core.Workloads;
using EdgeBench.Engine.Decoding;
using EdgeBench.Engine.Sessions;
using EdgeBench.Models.Gguf;
using EdgeBench.Suites.Perplexity;
using EdgeBench.Testing;
using EdgeBench.Testing.Fakes;

namespace EdgeBench.Engine.Tests;

/// <summary>Perplexities that PyTorch finds in float32 (golden/compression-valid.json), through the perplexity workload or by its rule.</summary>
public class PerplexityTests
{
    // torch/stories15M/denseS/valid: the first 32 of the sampled texts, 256 tokens each.
    [Fact]
    public void Stories15m_has_PyTorchs_perplexity()
    {
        int[][] texts = JsonSerializer.Deserialize<int[][]>(File.ReadAllText(RepositoryFiles.Shared("golden/stories15M-ids-valid.json")))!;
        using GgufFile file = GgufFile.Open(RepositoryFiles.Shared("models/stories15m/stories15M-F16.gguf"));
        using EngineSession session = new(new GgufWeights(file), new(2, 256, 256), (_, _) => [], bos: null);
        List<double> all = [], secondHalf = [];
        foreach (int[] text in texts[..32])
        {
            session.Reset();
            session.Evaluate(text.AsSpan(0, 256), 0, (row, logits) =>
            {
                if (row == 255) return;
                double largest = logits[Largest(logits)], sum = 0;
                foreach (float logit in logits) sum += Math.Exp(logit - largest);
                all.Add(largest + Math.Log(sum) - logits[text[row + 1]]);
                if (row >= 128) secondHalf.Add(all[^1]);
            });
        }
        Assert.InRange(Math.Exp(all.Average()) / 2.8148131605105218, 0.999, 1.001);
        Assert.InRange(Math.Exp(secondHalf.Average()) / 2.799379793497933, 0.999, 1.001);
    }

    // torch/SmolLM2-135M-Instruct/denseA: 16 windows of 512 tokens, no BOS.
    [Fact]
    public void SmolLM2_has_PyTorchs_perplexity()
    {
        Assert.SkipWhen(Environment.GetEnvironmentVariable("EDGEBENCH_SLOW") is null, "slow: set EDGEBENCH_SLOW=1");
        string model = RepositoryFiles.Shared("models/smollm2-135m-instruct/SmolLM2-135M-Instruct.Q4_1.gguf"), text = RepositoryFiles.Shared("data/wikitext2-valid.txt");
        int[] tokens = Tokens(model, File.ReadAllText(text)[..40_000]);
        using GgufFile file = GgufFile.Open(model);
        using EngineSession session = new(new GgufWeights(file), new(2, 512, 512), (_, _) => tokens, bos: null);
        RecordingSink sink = new();
        new PerplexityWorkload().Run(Context(session, sink, text));

        double[] losses = sink.Values(MetricRegistry.TokenNll);
        Assert.Equal(16 * 511, losses.Length);
        Assert.InRange(Math.Exp(losses.Average()) / 19.7524, 0.999, 1.001);
        Assert.InRange(Math.Exp(losses.Where((_, i) => i % 511 >= 256).Average()) / 15.3871, 0.999, 1.001);
    }

    private static WorkloadContext Context(IBackendSession session, RecordingSink sink, string text) => new()
    {
        Session = session,
        Samples = sink,
        OpenReference = () => throw new InvalidOperationException("The reference must not be opened."),
        Request = new TrialRequest
        {
            TrialId = "t",
            CellId = "c",
            Backend = "engine",
            BackendOptions = Json(new { }),
            Artifact = new("a.gguf", "gguf", 1, "a"),
            Workload = "perplexity",
            Parameters = Json(new PerplexityParameters { Data = text, Context = 512, Chunks = 16, Score = ScoredPart.All, Reference = ReferenceUse.None }),
            Threads = 2,
            Data = new Dictionary<string, DataFile> { [text] = new(text, "") },
            Sampling = new(0, 1, 0, 600),
            Limits = new(600, 0),
            Seed = 1,
        },
    };

    private static int[] Tokens(string model, string text)
    {
        IBackend backend = BackendRegistry.Find("llamacpp");
        BackendStatus status = backend.Probe(Json(new { }));
        Assert.SkipUnless(status.Installed, $"needs llama.cpp: {status.Problem}");
        using IBackendSession session = backend.Open(new ArtifactFile(model, "gguf", 0, ""), Json(new { }), new SessionNeeds(1, 256, 1));
        return session.Tokenize(text, special: true);
    }

    private static int Largest(ReadOnlySpan<float> values)
    {
        int largest = 0;
        for (int i = 1; i < values.Length; i++) largest = values[i] > values[largest] ? i : largest;
        return largest;
    }

    private static JsonElement Json(object value) => JsonSerializer.SerializeToElement(value, value.GetType(), EdgeBenchJson.Options);
}
