using EdgeBench.Core.Problems;
using EdgeBench.Engine.Decoding;
using EdgeBench.Engine.Inference.Adapters;
using EdgeBench.Engine.Inference.Caching;
using EdgeBench.Engine.Inference.Forward;
using EdgeBench.Engine.Inference.Loading;
using EdgeBench.Engine.Inference.Threads;
using EdgeBench.Engine.Sessions;
using EdgeBench.Engine.Tests.Families;
using EdgeBench.Kernels.Transformer;
using EdgeBench.Models.Gguf;
using EdgeBench.Testing;

namespace EdgeBench.Engine.Tests.Inference;

/// <summary>Adapters that run beside the weights against weights that they were merged into.</summary>
public sealed class LoraTests : IDisposable
{
    private const int Rank = 5;
    private const float Alpha = 8;

    private static readonly int[] s_tokens = [.. Enumerable.Range(0, 60).Select(i => 3 + (i * 37 % 280))];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    // Float32 everywhere, so that what differs is the order of sums: as in FamilyInferenceTests.
    [Theory]
    [InlineData("llama")]
    [InlineData("qwen3")]
    public void Logits_are_those_of_merged_weights(string family)
    {
        string path = FamilyFile.Write(_folder.Path, Family.All[family]);
        string first = Adapter(path, "first.gguf", new(1)), second = Adapter(path, "second.gguf", new(2) { Targets = ["attn_q", "ffn_down"] });
        float[] plain = Merged(path), one = Merged(path, (first, 1)), both = Merged(path, (first, 1), (second, -0.5f));
        Assert.NotEqual(plain, one);
        Check(path, one, LoraFile.Read(first));
        Check(path, both, LoraFile.Read(first), LoraFile.Read(second, -0.5f));
        Check(path, plain);
    }

    [Fact]
    public void What_does_not_belong_to_the_model_is_named()
    {
        string path = FamilyFile.Write(_folder.Path, Family.All["llama"]), adapter = Adapter(path, "a.gguf", new(1) { Targets = ["attn_q"] });
        Refused("one of 'qwen3'", FamilyFile.Write(_folder.Path, Family.All["qwen3"]), adapter);
        path = FamilyFile.Write(_folder.Path, Family.All["llama"]);
        Refused("'token_embd'", path, Adapter(path, "b.gguf", new(1) { Targets = ["token_embd"] }));
        Refused("'blk.0.attn_q' is adapted from 64 to 65", path, Adapter(path, "c.gguf", new(1) { Targets = ["attn_q"], MoreRows = 1 }));
        Assert.Contains("no LoRA adapter", Assert.Throws<EdgeBenchException>(() => LoraFile.Read(path)).Message);
    }

    [Fact]
    public void A_prefix_of_adapted_keys_and_values_stays_with_its_run()
    {
        string path = FamilyFile.Write(_folder.Path, Family.All["llama"]);
        RunOptions options = new() { Context = 64, Ubatch = 64, Keys = KvFormat.F32, Values = KvFormat.F32 };
        using Crew crew = new(1);
        using PackedDecoder model = PackedDecoder.Load(GgufFile.Open(path), crew, options);
        using DecoderRun plain = new(model, options, crew), adapted = new(model, options, crew, adapters: [LoraFile.Read(Adapter(path, "a.gguf", new(1)))]);
        plain.Append(s_tokens.AsSpan(0, 16));
        adapted.Append(s_tokens.AsSpan(0, 16));
        using SavedPrefix of = plain.Save(), ofAdapted = adapted.Save();
        Assert.Contains("adapters", Assert.Throws<ArgumentException>(() => adapted.Restore(of, 8)).Message);
        Assert.Throws<ArgumentException>(() => plain.Restore(ofAdapted, 8));
        adapted.Restore(ofAdapted, 8);
        Assert.Equal(8, adapted.Length());
    }

    private static void Refused(string part, string path, string adapter) =>
        Assert.Contains(part, Assert.Throws<EdgeBenchException>(() => new TestRun(path, adapters: [LoraFile.Read(adapter)])).Message);

    private static void Check(string path, float[] expected, params LoraFile[] adapters)
    {
        using (TestRun run = new(path, kv: KvFormat.F32, adapters: adapters)) Near.Absolute(expected, run.Batched(s_tokens), 1e-3);
        using (TestRun run = new(path, kv: KvFormat.F32, adapters: adapters)) Near.Absolute(expected, run.Decoded(s_tokens), 1e-3);
    }

    // Logits of the float32 decoder with W + scale · alpha / rank · B A in the place of W.
    private static float[] Merged(string path, params (string Adapter, float Scale)[] adapters)
    {
        using GgufFile file = GgufFile.Open(path);
        GgufWeights weights = new(file);
        Dictionary<string, float[]> replaced = [];
        foreach ((string adapter, float scale) in adapters)
        {
            using GgufFile lora = GgufFile.Open(adapter);
            foreach (GgufTensor a in lora.Tensors.Where(tensor => tensor.Name.EndsWith("lora_a", StringComparison.Ordinal)))
            {
                string name = a.Name[..^".lora_a".Length];
                float[] values = replaced.GetValueOrDefault(name) ?? weights.Load(name), left = Values(lora, a.Name[..^1] + "b"), right = Values(lora, a.Name);
                int columns = (int)a.RowLength;
                for (int i = 0; i < values.Length; i++)
                {
                    for (int j = 0; j < Rank; j++) values[i] += scale * Alpha / Rank * left[(i / columns * Rank) + j] * right[(j * columns) + (i % columns)];
                }
                replaced[name] = values;
            }
        }
        using EngineSession session = new(new OverlayWeights(weights, replaced), new(2, 64, 64), (_, _) => [], bos: null);
        return LlamaCpp.Of(session, s_tokens);
    }

    private string Adapter(string path, string name, RandomAdapter adapter) => (adapter with { Rank = Rank, Alpha = Alpha }).Write(Path.Combine(_folder.Path, name), path);

    private static float[] Values(GgufFile file, string name)
    {
        GgufTensor tensor = file.Find(name)!;
        float[] values = new float[tensor.Elements];
        file.Dequantise(tensor, 0, values);
        return values;
    }
}
