using EdgeBench.Engine.Inference.Caching;
using EdgeBench.Engine.Inference.Generation;
using EdgeBench.Engine.Tests.Families;
using EdgeBench.Models.Gguf;
using EdgeBench.Testing;

namespace EdgeBench.Engine.Tests.Inference;

/// <summary>Sampling, drafts and saved prompts.</summary>
public sealed class GenerationTests : IDisposable
{
    private static readonly int[] s_tokens = [.. Enumerable.Range(0, 150).Select(i => 3 + (i * 37 % 280))];

    private readonly TemporaryFolder _folder = new();
    private readonly string _path;

    public GenerationTests() => _path = Requantised.Write(FamilyFile.Write(_folder.Path, Family.All["llama"]), Path.Combine(_folder.Path, "q8.gguf"), GgmlType.Q8_0);

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(7)]
    public void Drafts_change_nothing_whatever_model_drafts(int length)
    {
        // The model itself drafts what is always taken, rounded to 4 bits what is often taken, another model what is hardly ever taken.
        string rounded = Requantised.Write(_path, Path.Combine(_folder.Path, "q4.gguf"), GgmlType.Q4_0);
        string other = FamilyFile.Write(_folder.Path, Family.All["qwen2"]);
        int[] prompt = s_tokens[..20];
        using TestRun plain = new(_path, context: 128);
        List<int> expected = [];
        plain.Run.Append(prompt);
        for (int i = 0; i < 100; i++)
        {
            expected.Add(Sampler.Largest(plain.Run.Logits()));
            plain.Run.Append([expected[^1]]);
        }
        double last = 2;
        foreach (string drafting in new[] { _path, rounded, other })
        {
            using TestRun target = new(_path, context: 128), draft = new(drafting, context: 128);
            SpeculativeDecoder decoder = new(target.Run, draft.Run, length);
            Assert.Equal(expected, Text(decoder, target, prompt, 100));
            // Another text in the same contexts, then the first again: the draft forgets what it has seen of others.
            target.Run.Truncate(0);
            Assert.NotEqual(expected, Text(decoder, target, s_tokens[50..70], 100));
            target.Run.Truncate(0);
            Assert.Equal(expected, Text(decoder, target, prompt, 100));
            double taken = decoder.Counts.Taken / (double)decoder.Counts.Drafted;
            if (drafting == _path) Assert.Equal(1, taken);
            Assert.InRange(taken, 0, last);
            last = taken;
        }
    }

    [Fact]
    public void A_draft_ends_with_the_context()
    {
        using TestRun target = new(_path, context: 40), draft = new(_path, context: 40);
        SpeculativeDecoder decoder = new(target.Run, draft.Run, 6);
        // The last of 21 follows the context's last place.
        Assert.Equal(21, Text(decoder, target, s_tokens[..20], 21).Count);
        Assert.Equal(40, target.Run.Length());
        Assert.Throws<Core.Backends.TrialException>(() => decoder.Next(1, new int[7]));
    }

    [Fact]
    public void No_more_is_drafted_than_is_wanted()
    {
        using TestRun target = new(_path, context: 64), draft = new(_path, context: 64);
        SpeculativeDecoder decoder = new(target.Run, draft.Run, 6);
        target.Run.Append(s_tokens.AsSpan(0, 20));
        int[] next = [-1, -1, -1];
        Assert.Equal(1, decoder.Next(5, next.AsSpan(0, 1)));
        Assert.Equal(3, decoder.Next(next[0], next));
        Assert.Equal(new Core.Backends.DraftCounts(2, 2), decoder.Counts);
        Assert.Throws<ArgumentOutOfRangeException>(() => decoder.Next(5, []));
    }

    [Fact]
    public void A_prompt_starts_from_the_longest_saved_prefix_and_gives_the_same_logits()
    {
        using TestRun cached = new(_path), fresh = new(_path);
        using PromptCache cache = new(cached.Run, long.MaxValue);
        int[] first = s_tokens[..70], second = [.. s_tokens[..45], .. s_tokens[100..120]];
        Assert.Equal(0, cache.Prefill(first));
        Assert.Equal(45, cache.Prefill(second));
        fresh.Run.Append(second.AsSpan(0, 45));
        fresh.Run.Append(second.AsSpan(45));
        Assert.Equal(fresh.Run.Logits(), cached.Run.Logits());
        // The whole prompt is known: its last token alone is computed.
        Assert.Equal(69, cache.Prefill(first));
        Assert.Equal(70, cached.Run.Length());
        Assert.Equal(2, cache.Count);
        cached.Run.Append([5]);
        fresh.Run.Truncate(0);
        fresh.Run.Append(first);
        fresh.Run.Append([5]);
        Near.Absolute(fresh.Run.Logits(), cached.Run.Logits(), 0.05);
    }

    [Fact]
    public void A_cache_holds_no_more_than_it_may_and_no_prefix_of_another_model()
    {
        using TestRun run = new(_path), other = new(_path);
        using (SavedPrefix prefix = Saved(run))
        using (PromptCache cache = new(run.Run, (2 * prefix.Bytes) + 100))
        {
            foreach (int start in new[] { 0, 40, 80 }) cache.Prefill(s_tokens.AsSpan(start, 32));
            Assert.Equal(2, cache.Count);
            Assert.Equal(31, cache.Prefill(s_tokens.AsSpan(80, 32)));
            Assert.Equal(0, cache.Prefill(s_tokens.AsSpan(0, 32)));
            Assert.Throws<ArgumentException>(() => other.Run.Restore(prefix, 10));
        }
    }

    [Fact]
    public void Greedy_takes_the_first_of_the_largest() => Assert.Equal(2, new Sampler(new(), 5).Next([1, -2, 7, 7, 0]));

    [Fact]
    public void Seeded_draws_repeat_and_follow_the_probabilities()
    {
        // e^(x / 0.5) of ln-probabilities halved: probabilities 0.5, 0.3, 0.15, 0.05.
        double[] probabilities = [0.5, 0.3, 0.15, 0.05];
        float[] logits = [.. probabilities.Select(p => (float)(0.5 * Math.Log(p)))];
        int[] drawn = Draws(new() { Temperature = 0.5, Seed = 7 }, logits, 20_000);
        Assert.Equal(drawn, Draws(new() { Temperature = 0.5, Seed = 7 }, logits, 20_000));
        Assert.NotEqual(drawn, Draws(new() { Temperature = 0.5, Seed = 8 }, logits, 20_000));
        // Five standard errors of a binomial share.
        for (int i = 0; i < 4; i++) Assert.Equal(probabilities[i], drawn.Count(token => token == i) / 20_000.0, 5 * Math.Sqrt(0.25 / 20_000));
    }

    [Fact]
    public void Top_k_and_top_p_keep_the_most_likely()
    {
        float[] logits = [.. new[] { 0.15, 0.5, 0.05, 0.3 }.Select(p => (float)Math.Log(p))];
        Assert.Equal([1, 3], Draws(new() { Temperature = 1, TopK = 2 }, logits, 500).Distinct().Order());
        Assert.Equal([1, 3], Draws(new() { Temperature = 1, TopP = 0.7 }, logits, 500).Distinct().Order());
        Assert.Equal([0, 1, 3], Draws(new() { Temperature = 1, TopP = 0.81 }, logits, 500).Distinct().Order());
        Assert.Equal([1], Draws(new() { Temperature = 1, TopP = 0.01 }, logits, 50).Distinct());
    }

    [Fact]
    public void Options_outside_of_their_ranges_are_refused()
    {
        foreach (SamplerOptions wrong in new SamplerOptions[] { new() { Temperature = -1 }, new() { Temperature = double.NaN }, new() { TopP = 0 }, new() { TopP = 1.1 }, new() { TopK = -1 } })
            Assert.Throws<ArgumentOutOfRangeException>(() => new Sampler(wrong, 4));
        Assert.Throws<ArgumentException>(() => new Sampler(new() { Temperature = 1 }, 4).Next([1, 2]));
    }

    // What a target with an empty context writes after a prompt.
    private static List<int> Text(SpeculativeDecoder decoder, TestRun target, int[] prompt, int count)
    {
        target.Run.Append(prompt);
        List<int> text = [Sampler.Largest(target.Run.Logits())];
        int[] next = new int[8];
        while (text.Count < count) text.AddRange(next[..decoder.Next(text[^1], next.AsSpan(0, Math.Min(next.Length, count - text.Count)))]);
        return text;
    }

    private static SavedPrefix Saved(TestRun run)
    {
        run.Run.Append(s_tokens.AsSpan(0, 32));
        return run.Run.Save();
    }

    private static int[] Draws(SamplerOptions options, float[] logits, int count)
    {
        Sampler sampler = new(options, logits.Length);
        return [.. Enumerable.Range(0, count).Select(_ => sampler.Next(logits))];
    }
}
