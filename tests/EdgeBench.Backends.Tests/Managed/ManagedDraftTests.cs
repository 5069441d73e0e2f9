using System.Text.Json;
using EdgeBench.Backends.Managed;
using EdgeBench.Core.Backends;
using EdgeBench.Core.Configuration;
using EdgeBench.Core.IO;
using EdgeBench.Core.Trials;
using EdgeBench.Models.Gguf;
using EdgeBench.Models.Sources.Synthetic;
using EdgeBench.Testing;

namespace EdgeBench.Backends.Tests.Managed;

/// <summary>The option <c>draft</c>: what a session with one says and does, and what is refused.</summary>
public sealed class ManagedDraftTests : IDisposable
{
    private static readonly ManagedBackend s_backend = new();

    private readonly TemporaryFolder _folder = new();
    private readonly string _model, _draft;

    public ManagedDraftTests() => (_model, _draft) = (Random("model.gguf", layers: 2, vocabulary: 288, seed: 1), Random("draft.gguf", layers: 1, vocabulary: 288, seed: 2));

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_session_says_which_draft_it_has_and_counts_its_cache()
    {
        using IBackendSession session = Open(new { draft = _draft, draft_tokens = 3 }), plain = Open(new { });
        IReadOnlyDictionary<string, string> facts = session.Facts.Details;
        Assert.Equal(("draft.gguf", ContentHash.OfFile(_draft), "llama 1x64", "3"), (facts["draft"], facts["draft_sha256"], facts["draft_model"], facts["draft_tokens"]));
        // One layer beside two.
        Assert.Equal(plain.Facts.KvBytes * 3 / 2, session.Facts.KvBytes);
        Assert.Equal(plain.Facts.KvBytes / 2, long.Parse(facts["draft_kv_bytes"]));
        Assert.DoesNotContain(plain.Facts.Details.Keys, key => key.StartsWith("draft", StringComparison.Ordinal));
        Assert.IsNotAssignableFrom<IDraftingSession>(plain);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Speculation_writes_what_the_model_alone_writes(bool drafting)
    {
        using IBackendSession session = Open(new { draft = drafting ? _draft : _model, draft_tokens = 5 });
        int[] prompt = [5, 80, 12, 77, 42, 6], next = new int[6];
        List<int> alone = [], together = [];
        session.Prefill(prompt);
        alone.Add(Largest(session.Logits));
        while (alone.Count < 40)
        {
            session.Decode(alone[^1]);
            alone.Add(Largest(session.Logits));
        }
        session.Reset();
        session.Prefill(prompt);
        together.Add(Largest(session.Logits));
        IDraftingSession speculating = Assert.IsType<IDraftingSession>(session, exactMatch: false);
        while (together.Count < 40) together.AddRange(next[..speculating.Speculate(together[^1], next.AsSpan(0, Math.Min(6, 40 - together.Count)))]);
        Assert.Equal(alone, together);
        if (!drafting) Assert.Equal(speculating.Counts.Drafted, speculating.Counts.Taken);
        Assert.Throws<InvalidOperationException>(() => session.Logits.Length);
    }

    [Fact]
    public void What_cannot_draft_is_refused_with_what_can()
    {
        Refused("a draft of 300 tokens; expected the 288 tokens of the model", new { draft = Random("wide.gguf", 1, 300, 1) });
        Refused("a draft whose token 9 is 'another'", new { draft = Renamed(9) });
        Refused("which is not there", new { draft = _folder.File("absent.gguf") }, kind: FailureKind.MissingArtifact);
        Refused("'draft_tokens: 8'; managed drafts 1 to 7 at a time", new { draft = _draft, draft_tokens = 8 });
        Refused("decodes tokens that are given", new { draft = _draft }, ownText: false);
        string adapter = new RandomAdapter(1).Write(_folder.File("adapter.gguf"), _model);
        Refused("expected", new { draft = adapter });
    }

    [Fact]
    public void Without_a_text_of_the_models_own_a_draft_means_nothing()
    {
        SessionNeeds given = new(1, 8, 1), own = given with { OwnText = true };
        Assert.Contains("generation", s_backend.Unsuited(Json(new { draft = "d.gguf" }), given));
        Assert.Null(s_backend.Unsuited(Json(new { draft = "d.gguf" }), own));
        Assert.Null(s_backend.Unsuited(Json(new { }), given));
        Assert.Equal(["a.gguf", "d.gguf"], s_backend.DataFiles(Json(new { draft = "d.gguf", lora = new[] { new { path = "a.gguf" } } })));
        Assert.Null(s_backend.Additions(Json(new { draft = "d.gguf" })));
    }

    private IBackendSession Open(object options) => s_backend.Open(new(_model, "gguf", 0, ""), Json(options), new(2, 64, 1) { OwnText = true });

    private void Refused(string part, object options, bool ownText = true, FailureKind kind = FailureKind.Unsupported)
    {
        TrialFailure? failure = s_backend.Refuse(new(_model, "gguf", 0, ""), Json(options), new(1, 64, 1) { OwnText = ownText });
        Assert.NotNull(failure);
        Assert.Equal(kind, failure.Kind);
        Assert.Contains(part, failure.Message);
    }

    private string Random(string name, int layers, int vocabulary, ulong seed)
    {
        new RandomCheckpoint(new TransformerShape { Architecture = "llama", Layers = layers, Width = 64, Heads = 2, KvHeads = 1, Ffn = 96, Vocabulary = vocabulary }, seed).Write(_folder.File(name), 1);
        return _folder.File(name);
    }

    // The draft with one token's text changed.
    private string Renamed(int token)
    {
        const string Tokens = "tokenizer.ggml.tokens";
        using GgufFile file = GgufFile.Open(_draft);
        string[] texts = [.. file.Metadata[Tokens].AsArray()!.AsTexts()!];
        texts[token] = "another";
        string path = _folder.File("renamed.gguf");
        GgufWriter.Write(path, file.Metadata.Select(entry => entry.Key == Tokens ? new(Tokens, GgufValue.From(new GgufArray(GgufValueType.String, texts))) : entry),
            [.. file.Tensors.Select(tensor => new GgufTensorSource(tensor.Name, tensor.Type, tensor.Dimensions, stream => stream.Write(file.Data(tensor))))]);
        return path;
    }

    private static int Largest(ReadOnlySpan<float> values) => System.Numerics.Tensors.TensorPrimitives.IndexOfMax(values);

    private static JsonElement Json(object options) => JsonSerializer.SerializeToElement(options, EdgeBenchJson.Options);
}
