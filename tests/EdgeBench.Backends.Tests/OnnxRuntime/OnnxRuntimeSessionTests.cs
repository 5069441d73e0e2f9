using EdgeBench.Backends.OnnxRuntime;
using EdgeBench.Core.Backends;
using EdgeBench.Core.Trials;
using EdgeBench.Models.Gguf;
using EdgeBench.Testing;

namespace EdgeBench.Backends.Tests.OnnxRuntime;

public sealed class OnnxRuntimeSessionTests : IDisposable
{
    private static readonly int[] s_tokens = OnnxFixture.Tokens(40, TinyDecoder.Vocabulary);

    private readonly TemporaryFolder _folder = new();

    public OnnxRuntimeSessionTests() => OnnxFixture.Export(TinyDecoder.Write(_folder.File("tiny.gguf"), "llama"), _folder.File("onnx"));

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_session_says_what_it_is()
    {
        using IBackendSession session = Open();
        Assert.Equal(TinyDecoder.Vocabulary, session.Facts.Vocabulary);
        Assert.Equal(256, session.Facts.Context);
        Assert.Equal(512, session.Facts.TrainedContext);
        Assert.Equal(1, session.Facts.Bos);
        // 3 layers, 2 key/value heads of 16 values, keys and values, float32.
        Assert.Equal(256L * 3 * 2 * 16 * 2 * 4, session.Facts.KvBytes);
        Assert.Empty(session.Facts.NotApplied);
        Assert.Matches("^[0-9]+[.][0-9]+[.][0-9]+$", session.Facts.Details["onnxruntime_version"]);
        Assert.Matches("^[0-9a-f]{64}$", session.Facts.Details["library_sha256"]);
        Assert.Matches("^CPUExecutionProvider [1-9][0-9]*$", session.Facts.Details["nodes"]);
        Assert.Contains("GroupQueryAttention 3", session.Facts.Details["operators"]);
        Assert.InRange(session.Facts.LoadSeconds, 1e-6, 60);
    }

    [Fact]
    public void The_cache_is_one_buffer_that_no_call_copies()
    {
        using IBackendSession session = Open();
        session.Prefill(s_tokens);
        session.Decode(7);
        SharedCacheRun run = Assert.IsType<SharedCacheRun>(((OnnxRuntimeSession)session).Run);
        (nint start, long bytes, IReadOnlyList<nint> outputs) = run.Addresses();
        // Keys and values of 3 layers: each came out where it went in, inside of the one buffer.
        long each = bytes / 6;
        Assert.Equal([.. Enumerable.Range(0, 6).Select(i => start + (nint)(i * each))], outputs);
    }

    [Fact]
    public void A_prompt_at_once_and_token_by_token_give_the_same_logits()
    {
        using IBackendSession session = Open();
        session.Prefill(s_tokens);
        float[] atOnce = session.Logits.ToArray();
        session.Reset();
        foreach (int token in s_tokens) session.Decode(token);
        Near(atOnce, session.Logits);
    }

    [Theory]
    [InlineData(512, 256)]
    [InlineData(7, 256)]
    [InlineData(512, 3)]
    [InlineData(1, 1)]
    public void Evaluated_rows_are_the_logits_after_each_token_however_they_are_batched(int batch, int rows)
    {
        using IBackendSession session = Open(new() { Batch = batch }, rows);
        List<int> indices = [];
        List<float[]> evaluated = [];
        session.Evaluate(s_tokens, 6, (index, logits) =>
        {
            indices.Add(index);
            evaluated.Add(logits.ToArray());
        });
        Assert.Equal(Enumerable.Range(6, s_tokens.Length - 6), indices);
        session.Reset();
        session.Prefill(s_tokens.AsSpan(0, 6));
        for (int i = 6; i < s_tokens.Length; i++)
        {
            session.Decode(s_tokens[i]);
            Near(evaluated[i - 6], session.Logits);
        }
    }

    [Fact]
    public void A_prompt_in_several_calls_is_the_prompt_in_one()
    {
        using IBackendSession whole = Open(new() { Batch = 64 }), parts = Open(new() { Batch = 9 });
        whole.Prefill(s_tokens);
        parts.Prefill(s_tokens);
        Near(whole.Logits.ToArray(), parts.Logits);
    }

    [Fact]
    public void Emptying_the_context_forgets_all_of_it()
    {
        using IBackendSession session = Open();
        session.Prefill(s_tokens);
        float[] first = session.Logits.ToArray();
        session.Prefill(s_tokens);
        session.Reset();
        Assert.Throws<InvalidOperationException>(() => session.Logits.Length);
        session.Prefill(s_tokens);
        Assert.Equal(first, session.Logits.ToArray());
    }

    [Fact]
    public void A_decoded_token_allocates_nothing()
    {
        using IBackendSession session = Open();
        session.Prefill(s_tokens);
        session.Decode(5);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 20; i++) session.Decode(i);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    [Fact]
    public void More_tokens_than_the_context_holds_are_refused_before_the_library_sees_them()
    {
        using IBackendSession session = Open(context: 64);
        session.Prefill(new int[60]);
        TrialException exception = Assert.Throws<TrialException>(() => session.Prefill(new int[5]));
        Assert.Equal(FailureKind.Unsupported, exception.Failure.Kind);
        Assert.Contains("60 + 5 tokens do not fit a context of 64", exception.Message);
        session.Prefill(new int[4]);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(TinyDecoder.Vocabulary)]
    public void A_token_outside_of_the_vocabulary_is_refused(int token)
    {
        using IBackendSession session = Open();
        Assert.Contains($"Token {token} ", Assert.Throws<TrialException>(() => session.Decode(token)).Message);
    }

    [Fact]
    public void Options_take_effect()
    {
        // With every rewriting off, the fused operators of the export are all that is fused; a Cast in front of a weight stays.
        OnnxFixture.Export(TinyDecoder.Write(_folder.File("half.gguf"), "llama", GgmlType.F16), _folder.File("half"));
        using IBackendSession all = OnnxFixture.Open(_folder.File("half")), none = OnnxFixture.Open(_folder.File("half"),
            new() { GraphOptimization = GraphOptimization.None, Arena = false, Spinning = false, InterOp = 2 });
        Assert.Contains("Cast 17", none.Facts.Details["operators"]);
        Assert.DoesNotContain("Cast 17", all.Facts.Details["operators"]);
        Assert.Equal(["none", "off", "off", "2"], new[] { "graph_optimization", "arena", "spinning", "inter_op" }.Select(name => none.Facts.Details[name]));
        all.Prefill(s_tokens);
        none.Prefill(s_tokens);
        Near(all.Logits.ToArray(), none.Logits);
    }

    [Fact]
    public void A_closed_session_says_so()
    {
        IBackendSession session = Open();
        session.Dispose();
        session.Dispose();
        Assert.Throws<ObjectDisposedException>(() => session.Decode(1));
        Assert.Throws<ObjectDisposedException>(() => session.Logits.Length);
    }

    private IBackendSession Open(OnnxRuntimeOptions? options = null, int rows = 256, int context = 256) => OnnxFixture.Open(_folder.File("onnx"), options, context, rows);

    // Batches of different size take different kernels; the logits' range is about 10.
    private static void Near(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++) Assert.Equal(expected[i], actual[i], 1e-3f);
    }
}
