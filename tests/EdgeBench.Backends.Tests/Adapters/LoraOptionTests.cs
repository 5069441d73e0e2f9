using System.Text.Json;
using EdgeBench.Core.Backends;
using EdgeBench.Core.Configuration;
using EdgeBench.Core.IO;
using EdgeBench.Core.Trials;
using EdgeBench.Models.Gguf;
using EdgeBench.Models.Sources.Synthetic;
using EdgeBench.Testing;

namespace EdgeBench.Backends.Tests.Adapters;

/// <summary>The option <c>lora</c> of every backend that takes it: what a session says of its adapters, and what is refused with which words.</summary>
public sealed class LoraOptionTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _model, _adapter;

    public LoraOptionTests()
    {
        _model = Model("model.gguf", layers: 2);
        _adapter = new RandomAdapter(1) { Targets = ["attn_q", "ffn_down"] }.Write(_folder.File("style.gguf"), _model);
    }

    public void Dispose() => _folder.Dispose();

    /// <summary>Backends with an option of that name.</summary>
    public static TheoryData<string> Backends => [.. BackendRegistry.All.Where(backend => backend.OptionsType.GetProperty("Lora") is not null).Select(backend => backend.Name)];

    [Fact]
    public void Both_runtimes_of_gguf_take_adapters() => Assert.Equal(["llamacpp", "managed"], Backends.Select(row => row.Data).Order());

    [Theory]
    [MemberData(nameof(Backends))]
    public void A_session_says_which_adapters_it_runs_with(string name)
    {
        string second = new RandomAdapter(2) { Rank = 3, Alpha = 0, Targets = ["attn_v"] }.Write(_folder.File("second.gguf"), _model);
        using IBackendSession session = Open(name, new { lora = new object[] { new { path = _adapter, scale = 0.5 }, new { path = second } } });
        IReadOnlyDictionary<string, string> facts = session.Facts.Details;
        Assert.Empty(session.Facts.NotApplied);
        Assert.Equal(("style.gguf, second.gguf", "8, 3", "16, 0", "0.5, 1"), (facts["lora"], facts["lora_rank"], facts["lora_alpha"], facts["lora_scale"]));
        Assert.Equal($"{ContentHash.OfFile(_adapter)}, {ContentHash.OfFile(second)}", facts["lora_sha256"]);
        // In 2 layers: 8 (64 + 64) of attn_q, 8 (96 + 64) of ffn_down, 3 (64 + 32) of attn_v, four bytes each.
        int parameters = 2 * ((8 * 128) + (8 * 160) + (3 * 96));
        Assert.Equal(("6", $"{parameters}", $"{4 * parameters}"), (facts["lora_matrices"], facts["lora_parameters"], facts["lora_bytes"]));
        using IBackendSession plain = Open(name, new { });
        Assert.DoesNotContain(plain.Facts.Details.Keys, key => key.StartsWith("lora", StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Backends))]
    public void What_is_no_adapter_of_the_model_is_refused(string name)
    {
        Refused(name, "no LoRA adapter", _model);
        Refused(name, "this is a text", Written("text", "no adapter"));
        Refused(name, "an adapter of 'qwen2'; expected one of 'llama'", Adapter("other", new(1) { Architecture = "qwen2" }));
        Refused(name, "is adapted from 64 to 65 elements; expected 64 to 64, as the model has", Adapter("rows", new(1) { Targets = ["attn_q"], MoreRows = 1 }));
        Refused(name, "(aLoRA)", Adapter("activated", new(1) { MoreMetadata = new Dictionary<string, GgufValue> { ["adapter.alora.invocation_tokens"] = GgufValue.From(new GgufArray(GgufValueType.UInt32, new uint[] { 5 })) } }));
        Refused(name, "an adapter without tensors", Adapter("empty", new(1) { Targets = [] }));
        Refused(name, "'adapter.lora.alpha' is NaN", Adapter("nan", new(1) { Alpha = float.NaN }));
        Refused(name, "which is not there", _folder.File("absent.gguf"), FailureKind.MissingArtifact);
        Refused(name, "'blk.2.attn_q'; expected matrices that the model has", new RandomAdapter(1) { Targets = ["attn_q"] }.Write(_folder.File("deep.gguf"), Model("deeper.gguf", layers: 3)));
    }

    [Theory]
    [MemberData(nameof(Backends))]
    public void A_trials_adapter_is_the_file_that_was_sent_with_it(string name)
    {
        object options = new { lora = new[] { new { path = "adapters/style.gguf" } } };
        SessionNeeds needs = new(1, 64, 1) { Files = new Dictionary<string, DataFile> { ["adapters/style.gguf"] = new(_adapter, "the controller's hash") } };
        using IBackendSession session = Open(name, options, needs);
        Assert.Equal(("style.gguf", "the controller's hash"), (session.Facts.Details["lora"], session.Facts.Details["lora_sha256"]));
        TrialFailure? failure = BackendRegistry.Find(name).Refuse(Artifact, Json(options), needs with { Files = new Dictionary<string, DataFile>() });
        Assert.Equal(FailureKind.MissingArtifact, failure?.Kind);
        Assert.Contains("'lora' names 'adapters/style.gguf', which was not sent", failure!.Message);
    }

    [Theory]
    [MemberData(nameof(Backends))]
    public void Options_tell_their_files_and_what_they_add_to_the_model(string name)
    {
        IBackend backend = BackendRegistry.Find(name);
        JsonElement one = Json(new { lora = new[] { new { path = "a.gguf", scale = 1.0 } } }), weaker = Json(new { lora = new[] { new { path = "a.gguf", scale = 0.5 } } });
        Assert.Equal(["a.gguf"], backend.DataFiles(one));
        Assert.NotNull(backend.Additions(one));
        Assert.NotEqual(backend.Additions(one), backend.Additions(weaker));
        Assert.Empty(backend.DataFiles(Json(new { })));
        Assert.Null(backend.Additions(Json(new { })));
    }

    [Fact]
    public void Matrices_that_only_the_engine_cannot_adapt_are_told()
    {
        TrialFailure? failure = BackendRegistry.Find("managed").Refuse(Artifact, Options(Adapter("embedding", new(1) { Targets = ["token_embd"] })), new(1, 64, 1));
        Assert.Contains("'token_embd'; expected matrices of layers that are stored by themselves. Merge the adapter", failure?.Message);
    }

    private ArtifactFile Artifact => new(_model, "gguf", new FileInfo(_model).Length, "");

    private IBackendSession Open(string name, object options, SessionNeeds? needs = null)
    {
        BackendStatus status = BackendRegistry.Find(name).Probe(Json(options));
        Assert.SkipUnless(status.Installed, $"needs {name}: {status.Problem}");
        return BackendRegistry.Find(name).Open(Artifact, Json(options), needs ?? new(1, 64, 1));
    }

    private void Refused(string name, string part, string adapter, FailureKind kind = FailureKind.Unsupported)
    {
        TrialFailure? failure = BackendRegistry.Find(name).Refuse(Artifact, Options(adapter), new(1, 64, 1));
        Assert.NotNull(failure);
        Assert.Equal(kind, failure.Kind);
        Assert.Contains(part, failure.Message);
        Assert.NotNull(failure.Remedy);
    }

    private string Model(string name, int layers)
    {
        new RandomCheckpoint(new TransformerShape { Architecture = "llama", Layers = layers, Width = 64, Heads = 2, KvHeads = 1, Ffn = 96, Vocabulary = 288 }, 1).Write(_folder.File(name), 1);
        return _folder.File(name);
    }

    private string Adapter(string name, RandomAdapter adapter) => adapter.Write(_folder.File($"{name}.gguf"), _model);

    private string Written(string name, string text)
    {
        File.WriteAllText(_folder.File(name), text);
        return _folder.File(name);
    }

    private static JsonElement Options(string adapter) => Json(new { lora = new[] { new { path = adapter } } });

    private static JsonElement Json(object options) => JsonSerializer.SerializeToElement(options, EdgeBenchJson.Options);
}
