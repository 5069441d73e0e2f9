using System.Numerics.Tensors;
using System.Text.Json;
using EdgeBench.Backends;
using EdgeBench.Core.Backends;
using EdgeBench.Core.IO;
using EdgeBench.Core.Trials;
using EdgeBench.Engine.Inference.Generation;
using EdgeBench.Models.Gguf;
using EdgeBench.Testing;

namespace EdgeBench.Engine.Tests.Inference;

/// <summary>The managed backend against llama.cpp on real models: the same file, tokens and cache format.</summary>
public sealed class LlamaCppAgreementTests(ITestOutputHelper output) : IDisposable
{
    private const int Window = 512, Windows = 3;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    // Both round activations to 8 bits for quantised weights, in other blocks where llama.cpp uses 256 (K-quants): perplexity within 0.5 %, and with float16
    // weights a divergence of at most 1e-3 and the same best token for 99.5 % of the positions.
    [Theory]
    [InlineData(GgmlType.F16)]
    [InlineData(GgmlType.Q8_0)]
    [InlineData(GgmlType.Q4_0)]
    [InlineData(GgmlType.Q4_1)]
    [InlineData(GgmlType.Q5_0)]
    [InlineData(GgmlType.Q4_K)]
    [InlineData(GgmlType.Q6_K)]
    public void SmolLM2_predicts_as_under_llama_cpp(GgmlType type)
    {
        bool isSlow = type is GgmlType.Q4_1 or GgmlType.Q5_0 or GgmlType.Q6_K;
        Assert.SkipWhen(isSlow && Environment.GetEnvironmentVariable("EDGEBENCH_SLOW") is null, "slow: set EDGEBENCH_SLOW=1");
        string source = RepositoryFiles.Shared("models/smollm2-135m-instruct/SmolLM2-135M-Instruct.Q4_1.gguf"), text = File.ReadAllText(RepositoryFiles.Shared("data/wikitext2-valid.txt"));
        string half = Requantised.Write(source, _folder.File("f16.gguf"), GgmlType.F16);
        string path = type == GgmlType.F16 ? half : Requantised.Write(half, _folder.File("typed.gguf"), type);
        (float[][] theirs, int[] tokens) = Rows("llamacpp", path, text);
        (float[][] ours, int[] same) = Rows("managed", path, text);
        Assert.Equal(tokens, same);

        double divergence = 0, our = 0, their = 0;
        int agree = 0, scored = 0;
        for (int i = 0; i < theirs.Length; i++)
        {
            double[] p = Probabilities.Log(theirs[i]), q = Probabilities.Log(ours[i]);
            divergence += p.Zip(q, (a, b) => Math.Exp(a) * (a - b)).Sum();
            if (Sampler.Largest(theirs[i]) == Sampler.Largest(ours[i])) agree++;
            if (i % Window == Window - 1) continue;
            (their, our, scored) = (their - p[tokens[i + 1]], our - q[tokens[i + 1]], scored + 1);
        }
        double ratio = Math.Exp((our - their) / scored), top = agree / (double)theirs.Length;
        output.WriteLine($"{type}: perplexity {Math.Exp(their / scored):0.000}, ratio {ratio:0.00000}, KL {divergence / theirs.Length:0.0e0}, top-1 {top:0.0000}");
        Assert.InRange(ratio, 0.995, 1.005);
        if (type != GgmlType.F16) return;
        Assert.InRange(divergence / theirs.Length, -1e-6, 1e-3);
        Assert.InRange(top, 0.995, 1);
    }

    // Everything in float32 on both sides: greedy choices are the same, but where the two best logits lie within 1e-3 of each other.
    [Fact]
    public void Stories15m_writes_the_same_greedy_text_as_under_llama_cpp()
    {
        string[] stories = File.ReadAllText(RepositoryFiles.Shared("data/tinystories-a.txt")).Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        SameGreedyText("models/stories15m/stories15M-F16.gguf", stories);
    }

    [Fact]
    public void SmolLM2_writes_the_same_greedy_text_as_under_llama_cpp()
    {
        Assert.SkipWhen(Environment.GetEnvironmentVariable("EDGEBENCH_SLOW") is null, "slow: set EDGEBENCH_SLOW=1");
        string[] paragraphs = File.ReadAllText(RepositoryFiles.Shared("data/wikitext2-valid.txt")).Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        SameGreedyText("models/smollm2-135m-instruct/SmolLM2-135M-Instruct.Q4_1.gguf", paragraphs);
    }

    private void SameGreedyText(string model, string[] texts)
    {
        string path = Requantised.Write(RepositoryFiles.Shared(model), _folder.File("f32.gguf"), GgmlType.F32);
        // One thread each: llama.cpp's others would poll on while the managed engine's turn is.
        using IBackendSession llama = Open("llamacpp", path, new { kv_type = "f32", flash_attention = "off" }, threads: 1), managed = Open("managed", path, new { kv_type = "f32" }, threads: 1);
        int compared = 0, ties = 0;
        double worst = 0, closest = double.PositiveInfinity;
        foreach (string text in texts.Where(text => text.Length > 40).Take(20))
        {
            int[] prompt = llama.Tokenize(text[..40], special: true);
            llama.Reset();
            managed.Reset();
            llama.Prefill(prompt);
            managed.Prefill(prompt);
            for (int i = 0; i < 64; i++, compared++)
            {
                int theirs = Sampler.Largest(llama.Logits), ours = Sampler.Largest(managed.Logits);
                worst = Math.Max(worst, TensorPrimitives.Distance(llama.Logits, managed.Logits) / Math.Sqrt(llama.Logits.Length));
                closest = Math.Min(closest, Margin(llama.Logits, theirs));
                if (theirs != ours)
                {
                    output.WriteLine($"tie at token {i} after \"{text[..40]}\": {llama.Logits[theirs]} and {llama.Logits[ours]}");
                    Assert.InRange(llama.Logits[theirs] - llama.Logits[ours], 0, 1e-3);
                    ties++;
                }
                llama.Decode(theirs);
                managed.Decode(theirs);
            }
        }
        output.WriteLine($"{compared} tokens, {ties} ties; root mean square of the logits' differences at most {worst:0.0e0}, the two best logits at least {closest:0.0e0} apart");
        Assert.Equal(20 * 64, compared);
    }

    // How far the best logit is above the next.
    private static double Margin(ReadOnlySpan<float> logits, int best) =>
        logits[best] - Math.Max(best == 0 ? float.NegativeInfinity : TensorPrimitives.Max(logits[..best]), best == logits.Length - 1 ? float.NegativeInfinity : TensorPrimitives.Max(logits[(best + 1)..]));

    private static (float[][] Rows, int[] Tokens) Rows(string backend, string path, string text)
    {
        using IBackendSession session = Open(backend, path, new { });
        int[] tokens = session.Tokenize(text[..12_000], special: false)[..(Windows * Window)];
        float[][] rows = new float[tokens.Length][];
        for (int start = 0; start < tokens.Length; start += Window)
        {
            session.Reset();
            session.Evaluate(tokens.AsSpan(start, Window), 0, (row, logits) => rows[start + row] = logits.ToArray());
        }
        return (rows, tokens);
    }

    private static IBackendSession Open(string name, string path, object options, int threads = 2)
    {
        IBackend backend = BackendRegistry.Find(name);
        JsonElement chosen = JsonSerializer.SerializeToElement(options, EdgeBenchJson.Options);
        BackendStatus status = backend.Probe(chosen);
        Assert.SkipUnless(status.Installed, $"needs {name}: {status.Problem}");
        return backend.Open(new ArtifactFile(path, "gguf", new FileInfo(path).Length, ""), chosen, new SessionNeeds(threads, Window, Window));
    }
}
