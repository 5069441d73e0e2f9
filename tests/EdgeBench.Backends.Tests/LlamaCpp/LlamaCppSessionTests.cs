using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using EdgeBench.Backends.LlamaCpp;
using EdgeBench.Core.Backends;
using EdgeBench.Core.Trials;
using EdgeBench.Testing;

namespace EdgeBench.Backends.Tests.LlamaCpp;

public class LlamaCppSessionTests
{
    private static readonly int[] s_tokens = [1, 403, 407, 261, 378, 5, 80, 12, 500, 77, 300, 299, 411, 42, 6, 9];

    [Fact]
    public void A_session_says_what_it_is()
    {
        using IBackendSession session = LlamaCppFixture.Open();
        Assert.Equal(512, session.Facts.Vocabulary);
        Assert.Equal(256, session.Facts.Context);
        Assert.Equal(1, session.Facts.Bos);
        Assert.Empty(session.Facts.NotApplied);
        // 5 layers, 4 key/value heads of 8 values: 256 cells * 5 * (32 + 32) values of two bytes.
        Assert.Equal(256 * 5 * 64 * 2, session.Facts.KvBytes);
        Assert.Equal("computed from dimensions, agrees with the library's log", session.Facts.Details["kv_bytes_source"]);
        Assert.StartsWith(LlamaCppLibrary.UnderstoodLlama, session.Facts.Details["llamacpp_version"]);
        Assert.StartsWith("libggml-cpu", session.Facts.Details["cpu_variant"]);
        Assert.Matches("^[0-9a-f]{64}$", session.Facts.Details["library_sha256"]);
        Assert.InRange(session.Facts.LoadSeconds, 1e-6, 60);
    }

    [Fact]
    public void A_prompt_at_once_and_token_by_token_give_the_same_logits()
    {
        using IBackendSession session = LlamaCppFixture.Open();
        session.Prefill(s_tokens);
        float[] atOnce = session.Logits.ToArray();
        session.Reset();
        foreach (int token in s_tokens) session.Decode(token);
        Near(atOnce, session.Logits);
    }

    [Theory]
    [InlineData(2048, 256)]
    [InlineData(5, 256)]
    [InlineData(2048, 3)]
    [InlineData(1, 1)]
    public void Evaluated_rows_are_the_logits_after_each_token_however_they_are_batched(int batch, int rows)
    {
        using IBackendSession session = LlamaCppFixture.Open(new() { Batch = batch, Ubatch = Math.Min(batch, 512) }, rows: rows);
        List<float[]> evaluated = [];
        List<int> indices = [];
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
    public void Evaluation_goes_on_from_what_the_context_holds()
    {
        using IBackendSession session = LlamaCppFixture.Open();
        float[] last = [];
        session.Evaluate(s_tokens, s_tokens.Length - 1, (_, logits) => last = logits.ToArray());
        session.Reset();
        session.Evaluate(s_tokens.AsSpan(0, 9), 9, (_, _) => Assert.Fail("No row was asked for."));
        session.Evaluate(s_tokens.AsSpan(9), s_tokens.Length - 10, (_, logits) => Near(last, logits));
    }

    [Fact]
    public void A_decoded_token_allocates_nothing()
    {
        using IBackendSession session = LlamaCppFixture.Open();
        session.Prefill(s_tokens);
        session.Decode(5);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 20; i++) session.Decode(i);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    [Fact]
    public void Text_is_split_by_the_files_own_tokenizer()
    {
        using IBackendSession session = LlamaCppFixture.Open();
        int[] bare = session.Tokenize("Once upon a time", special: false), whole = session.Tokenize("Once upon a time", special: true);
        Assert.Equal([1, .. bare], whole);
        Assert.NotEmpty(bare);
        Assert.Empty(session.Tokenize("", special: false));
        // "<s>" in a text is three characters, not the token that starts a text.
        Assert.DoesNotContain(1, session.Tokenize("a <s> b", special: false));
        // No token of this vocabulary has a snowman in it: three bytes each, after the space that this tokenizer puts first.
        Assert.Equal(1 + 3000, session.Tokenize(new string('\u2603', 1000), special: false).Length);
    }

    [Fact]
    public void A_text_has_the_token_ids_that_llama_cpps_tool_and_transformers_give_it()
    {
        LlamaCppFixture.RequireLibrary();
        string model = RepositoryFiles.Shared("models/smollm2-135m-instruct/SmolLM2-135M-Instruct.Q4_1.gguf");
        // golden/compression-valid.json: bytes 0 to 561185 are 138,374 tokens; the hash is of the first 16,384 as little-endian int32.
        string text = Encoding.UTF8.GetString(File.ReadAllBytes(RepositoryFiles.Shared("data/wikitext2-valid.txt")).AsSpan(0, 561_186));
        using IBackendSession session = LlamaCppFixture.Backend.Open(LlamaCppFixture.File(model), LlamaCppFixture.Options(), new SessionNeeds(1, 256, 1));
        int[] tokens = session.Tokenize(text, special: true);
        Assert.Null(session.Facts.Bos);
        Assert.Equal(138_374, tokens.Length);
        Assert.Equal("78fe36f10991616e5d3e7ec1a6be8a4d2198a82394c710eb065b72d9d103dd88",
            Convert.ToHexStringLower(SHA256.HashData(MemoryMarshal.AsBytes(tokens.AsSpan(0, 16_384)))));
    }

    [Fact]
    public void More_tokens_than_the_context_holds_are_refused_before_the_library_sees_them()
    {
        using IBackendSession session = LlamaCppFixture.Open();
        session.Prefill(new int[250]);
        TrialException exception = Assert.Throws<TrialException>(() => session.Prefill(new int[7]));
        Assert.Equal(FailureKind.Unsupported, exception.Failure.Kind);
        Assert.Contains("250 + 7 tokens do not fit a context of 256", exception.Message);
        session.Prefill(new int[6]);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(512)]
    public void A_token_outside_of_the_vocabulary_is_refused(int token)
    {
        using IBackendSession session = LlamaCppFixture.Open();
        Assert.Contains($"Token {token} ", Assert.Throws<TrialException>(() => session.Decode(token)).Message);
    }

    [Fact]
    public void Options_take_effect_and_are_read_back()
    {
        LlamaCppOptions options = new()
        {
            KvType = KvType.F32,
            KvTypeV = KvType.Bf16,
            FlashAttention = FlashAttention.Off,
            Mmap = false,
            Context = 512,
            Batch = 64,
            Ubatch = 32,
            ThreadsBatch = 2,
        };
        using IBackendSession session = LlamaCppFixture.Open(options);
        Assert.Empty(session.Facts.NotApplied);
        Assert.Equal(512, session.Facts.Context);
        Assert.Equal(512 * 5 * (32 * 4 + 32 * 2), session.Facts.KvBytes);
        Assert.Equal(["f32", "bf16", "off", "64", "32", "1", "2"],
            new[] { "kv_type", "kv_type_v", "flash_attention", "batch", "ubatch", "threads", "threads_batch" }.Select(name => session.Facts.Details[name]));
        Assert.DoesNotContain("Mapped", session.Facts.Details["weight_buffers"]);
    }

    [Fact]
    public void A_ubatch_above_the_batch_is_reported_as_not_applied_only_where_it_changes_what_runs()
    {
        using IBackendSession session = LlamaCppFixture.Open(new() { Batch = 64, Ubatch = 128 });
        Assert.Empty(session.Facts.NotApplied);
        Assert.Equal("64", session.Facts.Details["ubatch"]);
    }

    [Fact]
    public void A_cache_type_that_the_model_cannot_have_is_unsupported_with_the_librarys_words()
    {
        // Heads of 8 values do not divide into blocks of 32.
        TrialException exception = Assert.Throws<TrialException>(() => LlamaCppFixture.Open(new() { KvType = KvType.Q8_0 }).Dispose());
        Assert.Equal(FailureKind.Unsupported, exception.Failure.Kind);
        Assert.Contains("does not divide n_embd_head_k=8", exception.Message);
    }

    [Fact]
    public void Two_sessions_live_side_by_side()
    {
        using IBackendSession first = LlamaCppFixture.Open(), second = LlamaCppFixture.Open();
        first.Prefill(s_tokens);
        float[] before = first.Logits.ToArray();
        second.Prefill(s_tokens.AsSpan(0, 3));
        Assert.Equal(before, first.Logits.ToArray());
    }

    [Fact]
    public void A_closed_session_says_so()
    {
        IBackendSession session = LlamaCppFixture.Open();
        session.Dispose();
        session.Dispose();
        Assert.Throws<ObjectDisposedException>(() => session.Decode(1));
    }

    [Fact]
    public void Structures_have_the_headers_sizes()
    {
        Assert.SkipUnless(nint.Size == 8, "sizes are those of 64-bit platforms");
        Assert.Equal(80, Unsafe.SizeOf<LlamaModelParams>());
        Assert.Equal(160, Unsafe.SizeOf<LlamaContextParams>());
        Assert.Equal(56, Unsafe.SizeOf<LlamaBatch>());
        Assert.Equal(528, Unsafe.SizeOf<GgmlThreadpoolParams>());
    }

    // Batches of different size take different kernels; the logits' range is about 30.
    private static void Near(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++) Assert.Equal(expected[i], actual[i], 0.05f);
    }
}
