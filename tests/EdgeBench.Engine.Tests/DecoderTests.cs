using EdgeBench.Core.Backends;
using EdgeBench.Core.Problems;
using EdgeBench.Engine.Decoding;
using EdgeBench.Engine.Sessions;
using EdgeBench.Engine.Tests.Families;
using EdgeBench.Models.Gguf;
using EdgeBench.Testing;

namespace EdgeBench.Engine.Tests;

/// <summary>Taps, replaced weights, windows and errors, on a tiny random model.</summary>
public sealed class DecoderTests : IDisposable
{
    private const int Width = Family.Width;

    private static readonly int[] s_tokens = [.. Enumerable.Range(0, 24).Select(i => 3 + (i * 37 % 280))];

    private readonly TemporaryFolder _folder = new();
    private readonly GgufFile _file;
    private readonly GgufWeights _weights;

    public DecoderTests()
    {
        _file = GgufFile.Open(FamilyFile.Write(_folder.Path, Family.All["llama"]));
        _weights = new(_file);
    }

    public void Dispose()
    {
        _file.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Sequences_of_a_batch_do_not_see_each_other()
    {
        Decoder decoder = new(_weights, 2);
        float[] together = new float[s_tokens.Length * Width];
        decoder.Embed(s_tokens, together);
        decoder.Block(0).Forward(together, sequences: 3, length: 8);
        for (int sequence = 0; sequence < 3; sequence++)
        {
            float[] alone = new float[8 * Width];
            decoder.Embed(s_tokens.AsSpan(sequence * 8, 8), alone);
            decoder.Block(0).Forward(alone, sequences: 1, length: 8);
            Near.Absolute(alone, together.AsSpan(sequence * 8 * Width, 8 * Width), 1e-5);
        }
    }

    [Fact]
    public void A_tap_sees_the_four_inputs_in_order_and_what_it_changes_takes_effect()
    {
        Decoder decoder = new(_weights, 1);
        List<(int, LinearSite, int, int)> seen = [];
        float[] plain = Run((layer, site, rows, width) => seen.Add((layer, site, rows.Length / width, width)));
        Assert.Equal(
            [
                (1, LinearSite.AttentionInput, 24, Width), (1, LinearSite.AttentionOutput, 24, 64),
                (1, LinearSite.FeedForwardInput, 24, Width), (1, LinearSite.FeedForwardOutput, 24, Family.Ffn),
            ], seen);
        Assert.Equal(plain, Run(null));
        foreach (LinearSite changed in Enum.GetValues<LinearSite>())
        {
            Assert.NotEqual(plain, Run((_, site, rows, _) =>
            {
                if (site == changed) rows[0] += 1;
            }));
        }

        float[] Run(ActivationTap? tap)
        {
            float[] hidden = new float[s_tokens.Length * Width];
            decoder.Embed(s_tokens, hidden);
            decoder.Block(1).Forward(hidden, sequences: 1, length: s_tokens.Length, tap);
            return hidden;
        }
    }

    [Fact]
    public void A_tap_sees_the_rows_that_its_matrices_multiply()
    {
        Decoder decoder = new(_weights, 1);
        DecoderBlock block = decoder.Block(0);
        float[] hidden = new float[s_tokens.Length * Width], before, active = [];
        decoder.Embed(s_tokens, hidden);
        block.Forward(hidden, 1, s_tokens.Length, (_, site, rows, _) => active = site == LinearSite.FeedForwardOutput ? rows.ToArray() : active);
        before = (float[])hidden.Clone();

        // Without ffn_down the residual stream ends before the feed-forward part: the difference is down · active.
        BlockMatrix down = block.Matrices["blk.0.ffn_down.weight"];
        Assert.Equal((Width, Family.Ffn, LinearSite.FeedForwardOutput), (down.Rows, down.Columns, down.Site));
        float[] weights = (float[])down.Values.Clone();
        Array.Clear(down.Values);
        decoder.Embed(s_tokens, hidden);
        block.Forward(hidden, 1, s_tokens.Length);
        for (int row = 0; row < s_tokens.Length; row++)
        {
            for (int i = 0; i < Width; i++)
            {
                double sum = Enumerable.Range(0, Family.Ffn).Sum(j => (double)weights[(i * Family.Ffn) + j] * active[(row * Family.Ffn) + j]);
                Assert.Equal(before[(row * Width) + i], hidden[(row * Width) + i] + sum, 1e-4);
            }
        }
    }

    [Fact]
    public void A_block_names_its_seven_matrices()
    {
        string[] parts = ["attn_k", "attn_output", "attn_q", "attn_v", "ffn_down", "ffn_gate", "ffn_up"];
        Assert.Equal(parts.Select(part => $"blk.1.{part}.weight"), new Decoder(_weights).Block(1).Matrices.Keys.Order());
    }

    [Fact]
    public void Replaced_weights_are_used_and_the_others_stay()
    {
        const string Name = "blk.1.ffn_down.weight";
        float[] replacement = [.. _weights.Load(Name).Select(value => value * 1.5f)];
        OverlayWeights overlay = new(_weights, new Dictionary<string, float[]> { [Name] = replacement });
        Assert.Equal(replacement, overlay.Load(Name));
        Assert.Equal(_weights.Load("output_norm.weight"), overlay.Load("output_norm.weight"));
        Assert.False(overlay.Has("blk.2.ffn_down.weight"));
        Assert.NotEqual(Logits(_weights), Logits(overlay));
    }

    [Fact]
    public void Prefill_and_decode_give_the_last_logits_of_an_evaluation()
    {
        float[] all = Logits(_weights);
        using EngineSession session = Open(24);
        session.Prefill(s_tokens.AsSpan(0, 20));
        Near.Absolute(all.AsSpan(19 * Family.Vocabulary, Family.Vocabulary), session.Logits, 1e-4);
        for (int i = 20; i < 24; i++)
        {
            session.Decode(s_tokens[i]);
            Near.Absolute(all.AsSpan(i * Family.Vocabulary, Family.Vocabulary), session.Logits, 1e-4);
        }
        session.Reset();
        Assert.Throws<InvalidOperationException>(() => session.Logits.Length);
        session.Prefill(s_tokens.AsSpan(0, 5));
        Near.Absolute(all.AsSpan(4 * Family.Vocabulary, Family.Vocabulary), session.Logits, 1e-4);
    }

    [Fact]
    public void A_sessions_tap_reaches_every_site_of_every_layer()
    {
        List<(int, LinearSite)> seen = [];
        using EngineSession session = new(_weights, new(1, 24, 24), (_, _) => [], bos: null, (layer, site, rows, width) =>
        {
            seen.Add((layer, site));
            Assert.Equal(5 * width, rows.Length);
        });
        session.Prefill(s_tokens.AsSpan(0, 5));
        Assert.Equal(Enumerable.Range(0, 2).SelectMany(layer => Enum.GetValues<LinearSite>().Select(site => (layer, site))), seen);
    }

    [Fact]
    public void A_text_of_more_than_one_batch_is_evaluated_row_by_row_in_order()
    {
        int[] tokens = [.. Enumerable.Range(0, 600).Select(i => 3 + (i * 37 % 280))];
        using EngineSession whole = Open(600), pieces = Open(600);
        List<int> rows = [];
        float[] last = [];
        whole.Evaluate(tokens, 300, (row, logits) =>
        {
            rows.Add(row);
            last = logits.ToArray();
        });
        Assert.Equal(Enumerable.Range(300, 300), rows);
        pieces.Prefill(tokens.AsSpan(0, 299));
        pieces.Prefill(tokens.AsSpan(299));
        Near.Absolute(last, pieces.Logits, 1e-4);
    }

    [Fact]
    public void Tokens_and_contexts_that_the_model_does_not_have_are_refused()
    {
        using EngineSession session = Open(4);
        Assert.Contains("288", Assert.Throws<TrialException>(() => session.Decode(288)).Message);
        Assert.Throws<TrialException>(() => session.Decode(-1));
        session.Prefill([3, 4, 5]);
        TrialException full = Assert.Throws<TrialException>(() => session.Prefill([6, 7]));
        Assert.Contains("3 + 2 tokens do not fit a context of 4", full.Message);
        session.Decode(6);
        session.Dispose();
        Assert.Throws<ObjectDisposedException>(() => session.Decode(1));
    }

    [Fact]
    public void A_missing_tensor_and_one_of_another_size_are_named()
    {
        Assert.Contains("blk.0.attn_x.weight", Assert.Throws<EdgeBenchException>(() => _weights.Load("blk.0.attn_x.weight")).Message);
        OverlayWeights wrong = new(_weights, new Dictionary<string, float[]> { ["blk.0.attn_q.weight"] = new float[5] });
        string message = Assert.Throws<EdgeBenchException>(() => new Decoder(wrong).Block(0)).Message;
        Assert.Contains("'blk.0.attn_q.weight' has 5 elements", message);
        Assert.Contains($"{Width * Width}", message);
    }

    [Fact]
    public void Scaling_of_positions_that_is_not_computed_is_refused()
    {
        Family yarn = Family.All["llama"] with { Metadata = new Dictionary<string, GgufValue>(Family.All["llama"].Metadata) { ["rope.scaling.type"] = GgufValue.From("yarn") } };
        using TemporaryFolder folder = new();
        using GgufFile file = GgufFile.Open(FamilyFile.Write(folder.Path, yarn));
        Assert.Contains("'yarn'", Assert.Throws<EdgeBenchException>(() => new Decoder(new GgufWeights(file))).Message);
    }

    private EngineSession Open(int context) => new(_weights, new(1, context, context), (_, _) => [], bos: null);

    private static float[] Logits(IWeights weights)
    {
        using EngineSession session = new(weights, new(1, 24, 24), (_, _) => [], bos: null);
        return LlamaCpp.Of(session, s_tokens);
    }
}
