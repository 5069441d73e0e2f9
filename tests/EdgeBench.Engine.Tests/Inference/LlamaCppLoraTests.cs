using System.Text.Json;
using EdgeBench.Backends;
using EdgeBench.Core.Backends;
using EdgeBench.Core.IO;
using EdgeBench.Core.Trials;
using EdgeBench.Models.Adapters;
using EdgeBench.Models.Gguf;
using EdgeBench.Testing;

namespace EdgeBench.Engine.Tests.Inference;

/// <summary>The option <c>lora</c> of the managed backend against llama.cpp's own adapters: the same model, the same adapter files, the same strengths.</summary>
public sealed class LlamaCppLoraTests(ITestOutputHelper output) : IDisposable
{
    private const int Tokens = 128;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    // Everything in float32: what differs is the order of sums, for which FamilyTests allows 1e-3 of logits up to 100. With float16 weights llama.cpp rounds the
    // activations to float16 and we do not: LlamaCppAgreementTests allows a divergence of 1e-3 and 99.5 % of the best tokens for that; here none may change.
    [Theory]
    [InlineData(GgmlType.F32)]
    [InlineData(GgmlType.F16)]
    public void Stories15m_with_adapters_predicts_as_under_llama_cpp(GgmlType type)
    {
        string stored = RepositoryFiles.Shared("models/stories15m/stories15M-F16.gguf");
        string path = type == GgmlType.F16 ? stored : Requantised.Write(stored, _folder.File("typed.gguf"), type);
        string first = new RandomAdapter(1).Write(_folder.File("first.gguf"), path), second = new RandomAdapter(2) { Rank = 4, Targets = ["attn_q", "ffn_down"] }.Write(_folder.File("second.gguf"), path);
        float[] plain = Logits("managed", path);
        foreach (object[] adapters in new object[][] { [At(first, 1)], [At(first, 0.5), At(second, -1)] })
        {
            float[] theirs = Logits("llamacpp", path, adapters), ours = Logits("managed", path, adapters);
            double worst = theirs.Zip(ours, (a, b) => Math.Abs((double)a - b)).Max(), change = plain.Zip(ours, (a, b) => Math.Abs((double)a - b)).Max();
            (double divergence, int agree) = Compared(theirs, ours);
            output.WriteLine($"{type}, {adapters.Length} adapters: largest difference {worst:0.0e0} of a change by {change:0.00}, KL {divergence:0.0e0}, top-1 {agree} of {Tokens}");
            // Enough to tell: an adapter at half its strength, or with its pairs on other rows, would be far off.
            Assert.InRange(change, 1, 1000);
            Assert.Equal(Tokens, agree);
            if (type == GgmlType.F32) Assert.InRange(worst, 0, 1e-3);
            Assert.InRange(divergence, -1e-6, 1e-3);
        }
    }

    [Theory]
    [InlineData("managed")]
    [InlineData("llamacpp")]
    public void No_strength_changes_nothing_and_strengths_add_up(string backend)
    {
        string path = Requantised.Write(RepositoryFiles.Shared("models/stories15m/stories15M-F16.gguf"), _folder.File("f32.gguf"), GgmlType.F32);
        string adapter = new RandomAdapter(1).Write(_folder.File("a.gguf"), path), twin = new RandomAdapter(1).Write(_folder.File("b.gguf"), path);
        Assert.Equal(Logits(backend, path), Logits(backend, path, At(adapter, 0)));
        Near.Absolute(Logits(backend, path, At(adapter, 1)), Logits(backend, path, At(adapter, 0.75), At(twin, 0.25)), 1e-3);
    }

    // The file that our own writer makes of an adapter with Hugging Face's names: rows of q and k in llama's order, or both would agree on something else.
    [Fact]
    public void A_written_adapter_gives_the_same_greedy_tokens_in_both()
    {
        string path = Requantised.Write(RepositoryFiles.Shared("models/stories15m/stories15M-F16.gguf"), _folder.File("f32.gguf"), GgmlType.F32), adapter = _folder.File("written.gguf");
        AdapterBase model = AdapterBase.Open(path);
        GgufAdapter.Write(adapter, SampleAdapters.Of(AdapterKind.Lora, model, size: 8, scale: 0.1), model);
        int[] plain = Greedy("managed", path), ours = Greedy("managed", path, At(adapter, 1)), theirs = Greedy("llamacpp", path, At(adapter, 1));
        Assert.Equal(theirs, ours);
        Assert.NotEqual(plain, ours);
    }

    private static int[] Greedy(string name, string path, params object[] adapters)
    {
        using IBackendSession session = Open(name, path, adapters);
        List<int> tokens = [.. session.Tokenize("Once upon a time", special: true)];
        session.Prefill([.. tokens]);
        for (int i = 0; i < 64; i++)
        {
            tokens.Add(session.Logits.IndexOf(System.Numerics.Tensors.TensorPrimitives.Max(session.Logits)));
            session.Decode(tokens[^1]);
        }
        return [.. tokens];
    }

    private static object At(string path, double scale) => new { path, scale };

    // Of every position of a text that neither has seen, one thread each.
    private static float[] Logits(string name, string path, params object[] adapters)
    {
        using IBackendSession session = Open(name, path, adapters);
        int[] tokens = session.Tokenize(File.ReadAllText(RepositoryFiles.Shared("data/tinystories-a.txt"))[..2000], special: true)[..Tokens];
        return LlamaCpp.Of(session, tokens);
    }

    private static IBackendSession Open(string name, string path, object[] adapters)
    {
        object common = new { kv_type = "f32", lora = adapters };
        JsonElement options = JsonSerializer.SerializeToElement(name == "llamacpp" ? new { kv_type = "f32", lora = adapters, flash_attention = "off" } : common, EdgeBenchJson.Options);
        IBackend backend = BackendRegistry.Find(name);
        BackendStatus status = backend.Probe(options);
        Assert.SkipUnless(status.Installed, $"needs {name}: {status.Problem}");
        IBackendSession session = backend.Open(new ArtifactFile(path, "gguf", new FileInfo(path).Length, ""), options, new SessionNeeds(1, Tokens, Tokens));
        Assert.Empty(session.Facts.NotApplied);
        return session;
    }

    private static (double Divergence, int Agree) Compared(float[] theirs, float[] ours)
    {
        double divergence = 0;
        int agree = 0, vocabulary = theirs.Length / Tokens;
        for (int row = 0; row < Tokens; row++)
        {
            double[] p = Probabilities.Log(theirs.AsSpan(row * vocabulary, vocabulary)), q = Probabilities.Log(ours.AsSpan(row * vocabulary, vocabulary));
            divergence += p.Zip(q, (a, b) => Math.Exp(a) * (a - b)).Sum();
            if (Array.IndexOf(p, p.Max()) == Array.IndexOf(q, q.Max())) agree++;
        }
        return (divergence / Tokens, agree);
    }
}
