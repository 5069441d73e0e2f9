using EdgeBench.Core.Backends;
using EdgeBench.Core.Trials;
using EdgeBench.Engine.Tests.Families;
using EdgeBench.Kernels.Transformer;
using EdgeBench.Models.Gguf;
using EdgeBench.Testing;

namespace EdgeBench.Engine.Tests.Inference;

/// <summary>Contexts, sequences, threads, allocation and refusals, on a tiny model in Q8_0.</summary>
public sealed class DecoderRunTests : IDisposable
{
    private static readonly int[] s_tokens = [.. Enumerable.Range(0, 150).Select(i => 3 + (i * 37 % 280))];

    private readonly TemporaryFolder _folder = new();
    private readonly string _path;

    public DecoderRunTests() =>
        _path = Requantised.Write(FamilyFile.Write(_folder.Path, Family.All["qwen2"]), Path.Combine(_folder.Path, "q8.gguf"), GgmlType.Q8_0);

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("qwen2")]
    [InlineData("gemma3")]
    public void Threads_change_no_bit(string family)
    {
        string path = FamilyFile.Write(_folder.Path, Family.All[family]);
        float[][] batched = new float[3][], decoded = new float[3][];
        foreach ((int i, int threads) in new[] { (0, 1), (1, 2), (2, 4) })
        {
            using TestRun run = new(path, threads), one = new(path, threads);
            (batched[i], decoded[i]) = (run.Batched(s_tokens), one.Decoded(s_tokens));
        }
        Assert.Equal(batched[0], batched[1]);
        Assert.Equal(batched[0], batched[2]);
        Assert.Equal(decoded[0], decoded[1]);
        Assert.Equal(decoded[0], decoded[2]);
    }

    [Fact]
    public void A_decoded_token_allocates_nothing()
    {
        using TestRun run = new(_path, threads: 2);
        run.Run.Append(s_tokens.AsSpan(0, 20));
        for (int i = 20; i < 40; i++) run.Run.Append(s_tokens.AsSpan(i, 1));
        // Of each of 100 tokens: the runner's own threads can fall into a few of them.
        long[] allocated = new long[100];
        for (int i = 0; i < allocated.Length; i++)
        {
            long before = GC.GetTotalAllocatedBytes(precise: true);
            run.Run.Append(s_tokens.AsSpan(40 + i, 1));
            allocated[i] = GC.GetTotalAllocatedBytes(precise: true) - before;
        }
        Assert.InRange(allocated.Count(bytes => bytes > 0), 0, 10);
    }

    [Fact]
    public void A_batch_allocates_nothing()
    {
        using TestRun run = new(_path, threads: 2);
        Assert.Equal(0, LeastAllocated(() =>
        {
            run.Run.Truncate(0);
            run.Run.Append(s_tokens);
        }));
    }

    [Fact]
    public void Sequences_of_a_step_get_what_each_gets_alone()
    {
        using TestRun together = new(_path, sequences: 3), alone = new(_path);
        int[][] texts = [s_tokens[..40], s_tokens[50..57], s_tokens[60..130]];
        for (int i = 0; i < 3; i++) together.Run.Append(texts[i], sequence: i);
        for (int step = 0; step < 3; step++) together.Run.Step([2, 0, 1], [5 + step, 6 + step, 7 + step]);
        foreach ((int row, int sequence) in new[] { (0, 2), (1, 0), (2, 1) })
        {
            alone.Run.Truncate(0);
            alone.Run.Append(texts[sequence]);
            for (int step = 0; step < 3; step++) alone.Run.Append([5 + row + step]);
            Assert.Equal(alone.Run.Logits(), together.Run.Logits(row));
        }
        Assert.Equal(43, together.Run.Length(0));
        Assert.Throws<ArgumentException>(() => together.Run.Step([1, 1], [5, 6]));
    }

    [Fact]
    public void What_was_truncated_is_forgotten()
    {
        using TestRun run = new(_path), fresh = new(_path);
        run.Run.Append(s_tokens.AsSpan(0, 90));
        run.Run.Truncate(41);
        Assert.Throws<InvalidOperationException>(() => run.Run.Logits().Length);
        run.Run.Append(s_tokens.AsSpan(100, 20));
        fresh.Run.Append(s_tokens.AsSpan(0, 41));
        fresh.Run.Append(s_tokens.AsSpan(100, 20));
        Assert.Equal(fresh.Run.Logits(), run.Run.Logits());
    }

    [Fact]
    public void Logits_of_asked_rows_come_in_order_whatever_fits_at_once()
    {
        using TestRun whole = new(_path), pieces = new(_path, ubatch: 32, logitRows: 7);
        float[] all = whole.Batched(s_tokens);
        List<int> rows = [];
        pieces.Run.Append(s_tokens, 61, (row, logits) =>
        {
            rows.Add(row);
            Near.Absolute(all.AsSpan(row * Family.Vocabulary, Family.Vocabulary), logits, 1e-3);
        });
        Assert.Equal(Enumerable.Range(61, 89), rows);
        Near.Absolute(all.AsSpan(149 * Family.Vocabulary), pieces.Run.Logits(), 1e-3);
    }

    [Fact]
    public void A_context_that_would_overflow_is_refused_before_anything_is_computed()
    {
        using TestRun run = new(_path, context: 50);
        run.Run.Append(s_tokens.AsSpan(0, 40));
        TrialException error = Assert.Throws<TrialException>(() => run.Run.Append(s_tokens.AsSpan(40, 11)));
        Assert.Contains("40 + 11 tokens do not fit a context of 50", error.Message);
        Assert.Equal(40, run.Run.Length());
        run.Run.Append(s_tokens.AsSpan(40, 10));
        Assert.Throws<TrialException>(() => run.Run.Append([3]));
        Assert.Contains("288", Assert.Throws<TrialException>(() => new TestRun(_path).Run.Append([288])).Message);
    }

    [Theory]
    [InlineData("blk.1.ffn_down.weight", "in the feed-forward part of layer 1")]
    [InlineData("blk.0.attn_output.weight", "in the attention of layer 0")]
    [InlineData("blk.1.attn_k.weight", "in keys or values of layer 1")]
    [InlineData("token_embd.weight", "in the token embedding")]
    public void Numbers_that_are_not_finite_are_told_with_the_layer(string tensor, string where)
    {
        string path = Broken(tensor);
        using TestRun batch = new(path), single = new(path);
        Assert.Contains(where, Assert.Throws<TrialException>(() => batch.Run.Append(s_tokens.AsSpan(0, 20))).Message);
        TrialException error = Assert.Throws<TrialException>(() => single.Run.Append([s_tokens[0]]));
        Assert.Contains(where, error.Message);
        Assert.Equal(FailureKind.Unsupported, error.Failure.Kind);
    }

    // Root mean square of the change over that of the logits: float16 rounds keys and values by 2⁻¹² on average, Q8_0 by 0.5 %; scores multiply that.
    [Theory]
    [InlineData("llama", KvFormat.F16, 0.004)]
    [InlineData("qwen3", KvFormat.F16, 0.004)]
    [InlineData("qwen3", KvFormat.Q8_0, 0.06)]
    public void The_caches_format_changes_little(string family, KvFormat format, double bound)
    {
        string path = FamilyFile.Write(_folder.Path, Family.All[family]);
        using TestRun reference = new(path, kv: KvFormat.F32), run = new(path, kv: format), single = new(path, kv: format);
        float[] expected = reference.Batched(s_tokens);
        double size = Math.Sqrt(expected.Sum(value => (double)value * value));
        foreach (float[] actual in new[] { run.Batched(s_tokens), single.Decoded(s_tokens) })
            Assert.InRange(Math.Sqrt(expected.Zip(actual, (a, b) => ((double)a - b) * ((double)a - b)).Sum()) / size, 1e-9, bound);
    }

    [Fact]
    public void A_cache_of_blocks_needs_heads_of_whole_blocks() =>
        Assert.Contains("16", Assert.Throws<TrialException>(() => new TestRun(_path, kv: KvFormat.Q8_0)).Message);

    // Bytes of the whole process, the crew's threads included. Others of it (the runner, the compiler's tiers) allocate now and then, so the least of a few counts.
    private static long LeastAllocated(Action work)
    {
        work();
        return Enumerable.Range(0, 10).Min(_ =>
        {
            long before = GC.GetTotalAllocatedBytes(precise: true);
            work();
            return GC.GetTotalAllocatedBytes(precise: true) - before;
        });
    }

    // One element of the tensor is an infinity.
    private string Broken(string name)
    {
        using GgufFile file = GgufFile.Open(FamilyFile.Write(_folder.Path, Family.All["llama"]));
        string path = Path.Combine(_folder.Path, "broken.gguf");
        GgufWriter.Write(path, file.Metadata, [.. file.Tensors.Select(tensor => new GgufTensorSource(tensor.Name, tensor.Type, tensor.Dimensions, stream =>
        {
            byte[] bytes = file.Data(tensor).ToArray();
            // The row of the first token where it is the embedding, else any.
            int at = name == "token_embd.weight" ? s_tokens[0] * Family.Width : 5;
            if (tensor.Name == name) BitConverter.TryWriteBytes(bytes.AsSpan(at * 4), float.PositiveInfinity);
            stream.Write(bytes);
        }))]);
        return path;
    }
}
