using EdgeBench.Backends.Managed;
using EdgeBench.Backends.Tests.LlamaCpp;
using EdgeBench.Backends.Tests.OnnxRuntime;
using EdgeBench.Core.Backends;
using EdgeBench.Core.IO;
using EdgeBench.Testing;

namespace EdgeBench.Backends.Tests;

/// <summary>What every backend's session does alike: go back to a prefix, and turn tokens into text.</summary>
public sealed class SessionSeamTests : IDisposable
{
    private static readonly int[] s_prefix = [1, 403, 407, 261, 378, 5, 80], s_first = [12, 500, 77], s_second = [300, 299, 411, 42];

    private static readonly string s_model = RepositoryFiles.Shared("models/stories260k/stories260K-F16.gguf");

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    public static TheoryData<string> Backends => ["managed", "llamacpp", "onnxruntime"];

    [Theory]
    [MemberData(nameof(Backends))]
    public void After_going_back_a_context_goes_on_as_one_that_never_went_further(string backend)
    {
        using IBackendSession session = Open(backend);
        session.Prefill(s_prefix);
        session.Prefill(s_second);
        float[] expected = session.Logits.ToArray();

        session.Reset();
        session.Prefill(s_prefix);
        foreach (int[] detour in (int[][])[s_first, s_second, s_first])
        {
            session.Evaluate(detour, 0, (_, _) => { });
            Assert.True(session.Rewind(s_prefix.Length));
        }
        session.Prefill(s_second);
        Near(expected, session.Logits);
        Assert.True(session.Rewind(0));
        session.Prefill([.. s_prefix, .. s_second]);
        Near(expected, session.Logits);
    }

    [Theory]
    [MemberData(nameof(Backends))]
    public void Going_back_past_what_is_there_is_refused(string backend)
    {
        using IBackendSession session = Open(backend);
        session.Prefill(s_prefix);
        Assert.Throws<ArgumentOutOfRangeException>(() => session.Rewind(s_prefix.Length + 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => session.Rewind(-1));
    }

    [Theory]
    [MemberData(nameof(Backends))]
    public void Tokens_spell_the_text_that_they_were_made_of(string backend)
    {
        using IBackendSession session = Open(backend);
        foreach (string text in (string[])["Once upon a time, there was a little girl named Lily.", "two\nlines", "ünïcode and 你好"])
            Assert.Equal(text, session.Detokenize(session.Tokenize(text, special: true)).TrimStart(' '));
        Assert.Equal("", session.Detokenize([]));
        // Control tokens are no text.
        Assert.Equal("", session.Detokenize([1, 2]));
    }

    [Theory]
    [MemberData(nameof(Backends))]
    public void A_session_knows_what_ends_a_text(string backend)
    {
        using IBackendSession session = Open(backend);
        Assert.Equal([2], session.Facts.EndsOfText);
    }

    [Fact]
    public void What_ends_a_text_is_what_ends_it_for_llamacpp()
    {
        string model = RepositoryFiles.Shared("models/smollm2-135m-instruct/SmolLM2-135M-Instruct.Q4_1.gguf");
        LlamaCppFixture.RequireLibrary();
        using IBackendSession library = LlamaCppFixture.Backend.Open(LlamaCppFixture.File(model), LlamaCppFixture.Options(), new SessionNeeds(1, 16, 1));
        using Models.Gguf.GgufFile file = Models.Gguf.GgufFile.Open(model);
        Assert.Equal(library.Facts.EndsOfText, Models.Tokenizers.TokenizerFactory.FromGguf(file.Metadata, model).EndsOfText);
    }

    private IBackendSession Open(string backend)
    {
        switch (backend)
        {
            case "llamacpp":
                return LlamaCppFixture.Open();
            case "onnxruntime":
                OnnxFixture.Export(s_model, _folder.File("model"));
                return OnnxFixture.Open(_folder.File("model"));
            default:
                return new ManagedBackend().Open(new(s_model, "gguf", 0, ""), System.Text.Json.JsonSerializer.SerializeToElement(new ManagedOptions(), EdgeBenchJson.Options), new SessionNeeds(1, 256, 256));
        }
    }

    private static void Near(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        float largest = 0;
        for (int i = 0; i < expected.Length; i++) largest = Math.Max(largest, Math.Abs(expected[i] - actual[i]));
        Assert.InRange(largest, 0, 0.02f);
    }
}
