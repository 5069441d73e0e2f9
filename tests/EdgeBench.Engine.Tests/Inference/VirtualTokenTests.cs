using EdgeBench.Core.Backends;
using EdgeBench.Core.Problems;
using EdgeBench.Engine.Inference.Adapters;
using EdgeBench.Engine.Inference.Caching;
using EdgeBench.Engine.Inference.Generation;
using EdgeBench.Engine.Tests.Families;
using EdgeBench.Kernels.Transformer;
using EdgeBench.Models.Adapters;
using EdgeBench.Models.Architectures;
using EdgeBench.Models.Gguf;
using EdgeBench.Testing;

namespace EdgeBench.Engine.Tests.Inference;

/// <summary>
/// Soft prompts and prefixes that stand for real tokens, their embeddings or their keys and values, against those tokens themselves before the text: the same bits.
/// </summary>
public sealed class VirtualTokenTests : IDisposable
{
    private static readonly int[] s_before = [.. Enumerable.Range(0, 11).Select(i => 5 + (i * 29 % 270))], s_text = [.. Enumerable.Range(0, 40).Select(i => 3 + (i * 37 % 280))];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    public static TheoryData<string, AdapterKind> Cases =>
        [.. new[] { "llama", "qwen3", "gemma2" }.SelectMany(family => new[] { (family, AdapterKind.Prompt), (family, AdapterKind.Prefix) })];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Logits_are_those_of_the_tokens_before_the_text(string family, AdapterKind kind)
    {
        (string path, RunAdapter adapter) = Made(family, kind);
        using TestRun real = new(path, kv: KvFormat.F32), batch = new(path, kv: KvFormat.F32, adapters: [adapter]), single = new(path, kv: KvFormat.F32, adapters: [adapter]);
        real.Run.Append(s_before);
        float[] expected = real.Batched(s_text);
        Assert.Equal(expected, batch.Batched(s_text));
        real.Run.Truncate(s_before.Length);
        Assert.Equal(real.Decoded(s_text), single.Decoded(s_text));
        using TestRun plain = new(path, kv: KvFormat.F32);
        Assert.NotEqual(expected, plain.Batched(s_text));
    }

    // As the batch that a scorer gives, the sequences of a step, a cache of prompts and a draft: all of them see the same positions before the text.
    [Theory]
    [InlineData(AdapterKind.Prompt)]
    [InlineData(AdapterKind.Prefix)]
    public void Every_way_to_run_a_text_begins_behind_them(AdapterKind kind)
    {
        (string path, RunAdapter adapter) = Made("llama", kind);
        using TestRun alone = new(path, kv: KvFormat.F32, adapters: [adapter]), several = new(path, sequences: 3, kv: KvFormat.F32, adapters: [adapter]);
        alone.Run.Append(s_text);
        float[] expected = alone.Run.Logits().ToArray();
        Assert.Equal((40, 40), (alone.Run.Length(), alone.Run.Tokens().Length));
        Assert.Equal(s_text, alone.Run.Tokens());
        for (int i = 0; i < 3; i++) several.Run.Append(s_text.AsSpan(0, 39), sequence: i);
        several.Run.Step([2, 0], [s_text[39], s_text[39]]);
        alone.Run.Truncate(39);
        alone.Run.Append(s_text.AsSpan(39));
        Assert.Equal(alone.Run.Logits(), several.Run.Logits(0));
        Assert.Equal(several.Run.Logits(0), several.Run.Logits(1));

        using PromptCache cache = new(alone.Run, 1 << 20);
        cache.Prefill(s_text.AsSpan(0, 20));
        Assert.Equal(20, cache.Prefill(s_text));
        Near.Absolute(expected, alone.Run.Logits(), 1e-3);

        using TestRun draft = new(path, kv: KvFormat.F32);
        SpeculativeDecoder decoder = new(alone.Run, draft.Run, 4);
        alone.Run.Truncate(30);
        int[] next = new int[4], greedy = new int[12];
        using TestRun one = new(path, kv: KvFormat.F32, adapters: [adapter]);
        one.Run.Append(s_text.AsSpan(0, 30));
        int token = s_text[30];
        for (int i = 0; i < greedy.Length; i++)
        {
            one.Run.Append([i == 0 ? token : greedy[i - 1]]);
            greedy[i] = Sampler.Largest(one.Run.Logits());
        }
        List<int> drafted = [];
        while (drafted.Count < greedy.Length)
        {
            int taken = decoder.Next(drafted.Count == 0 ? token : drafted[^1], next);
            drafted.AddRange(next[..taken]);
        }
        Assert.Equal(greedy, drafted.Take(greedy.Length));
    }

    [Theory]
    [InlineData(AdapterKind.Prompt)]
    [InlineData(AdapterKind.Prefix)]
    public void The_context_is_the_texts_and_stays_whole(AdapterKind kind)
    {
        (string path, RunAdapter adapter) = Made("llama", kind);
        using TestRun run = new(path, context: 40, adapters: [adapter]);
        run.Run.Append(s_text);
        Assert.Contains("40 + 1 tokens do not fit a context of 40", Assert.Throws<TrialException>(() => run.Run.Append([3])).Message);
        Assert.Equal((40, 51), (run.Run.Options.Context, run.Run.Options.Positions));
        using TestRun plain = new(path, context: 51);
        Assert.Equal(plain.Run.KvBytes, run.Run.KvBytes);
        run.Run.Truncate(0);
        run.Run.Append(s_text);
        long before = GC.GetTotalAllocatedBytes(precise: true);
        run.Run.Truncate(0);
        run.Run.Append(s_text.AsSpan(0, 1));
        Assert.InRange(GC.GetTotalAllocatedBytes(precise: true) - before, 0, 4096);
    }

    [Fact]
    public void Two_in_one_place_and_another_models_are_refused()
    {
        (string path, RunAdapter prompt) = Made("llama", AdapterKind.Prompt);
        Assert.Contains("one prompt or prefix", Assert.Throws<EdgeBenchException>(() => new TestRun(path, adapters: [prompt, prompt])).Message);
        string other = FamilyFile.Write(_folder.Path, Family.All["qwen3"]);
        Assert.Contains("an adapter of 'llama'", Assert.Throws<EdgeBenchException>(() => new TestRun(other, adapters: [prompt])).Message);
    }

    [Fact]
    public void A_prefix_that_the_cache_cannot_hold_is_told()
    {
        string path = FamilyFile.Write(_folder.Path, Family.All["llama"]);
        AdapterBase model = AdapterBase.Open(path);
        GgufAdapter.Write(_folder.File("large.gguf"), SampleAdapters.Of(AdapterKind.Prefix, model, scale: 1e6), model);
        RunAdapter adapter = RunAdapter.Read(_folder.File("large.gguf"));
        Assert.Contains("prefix in layer 0", Assert.Throws<TrialException>(() => new TestRun(path, adapters: [adapter])).Message);
        using TestRun run = new(path, kv: KvFormat.F32, adapters: [adapter]);
    }

    private (string Path, RunAdapter Adapter) Made(string family, AdapterKind kind)
    {
        string path = FamilyFile.Write(_folder.Path, Family.All[family]);
        AdapterBase model = AdapterBase.Open(path);
        Adapter adapter = new() { Kind = kind, Tensors = kind == AdapterKind.Prompt ? [Embeddings(path)] : [.. KeysAndValues(path, model.Architecture)] };
        GgufAdapter.Write(_folder.File("virtual.gguf"), adapter, model);
        return (path, RunAdapter.Read(_folder.File("virtual.gguf")));
    }

    private static AdapterTensor Embeddings(string path)
    {
        using GgufFile file = GgufFile.Open(path);
        float[] rows = new float[s_before.Length * Family.Width];
        for (int i = 0; i < s_before.Length; i++) file.Dequantise(file.Find("token_embd.weight")!, (long)s_before[i] * Family.Width, rows.AsSpan(i * Family.Width, Family.Width));
        return new(Adapter.PromptEmbeddings, [s_before.Length, Family.Width], rows);
    }

    // What the cache holds after those tokens, in Hugging Face's order of a head's elements, which is the packed one.
    private static unsafe IEnumerable<AdapterTensor> KeysAndValues(string path, ModelArchitecture a)
    {
        using TestRun run = new(path, kv: KvFormat.F32);
        run.Run.Append(s_before);
        using SavedPrefix saved = run.Run.Save();
        KvLayout layout = new(a.HeadDim, KvFormat.F32, KvFormat.F32);
        int width = a.KvHeads * a.HeadDim, tokens = s_before.Length;
        List<AdapterTensor> tensors = [];
        float* at = saved.Memory.Floats;
        for (int layer = 0; layer < a.Layers; layer++)
        {
            float[] keys = new float[tokens * width], values = new float[tokens * width];
            for (int head = 0; head < a.KvHeads; head++)
            {
                for (int i = 0; i < tokens * a.HeadDim; i++)
                {
                    int token = i / a.HeadDim, element = i % a.HeadDim, target = (token * width) + (head * a.HeadDim) + element;
                    keys[target] = at[(element * KvLayout.Positions) + token];
                    values[target] = at[(layout.KeyBlockBytes / sizeof(float)) + (token * layout.ValueWidth) + element];
                }
                at += (layout.KeyBlockBytes + layout.ValueBlockBytes) / sizeof(float);
            }
            tensors.Add(new($"model.layers.{layer}.self_attn.prefix_k", [tokens, width], keys));
            tensors.Add(new($"model.layers.{layer}.self_attn.prefix_v", [tokens, width], values));
        }
        return tensors;
    }
}
