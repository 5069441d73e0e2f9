using System.Text.Json;
using EdgeBench.Core.Artifacts;
using EdgeBench.Core.Backends;
using EdgeBench.Core.Configuration;
using EdgeBench.Core.IO;
using EdgeBench.Core.Trials;
using EdgeBench.Models.Adapters;
using EdgeBench.Models.Sources.Synthetic;
using EdgeBench.Testing;

namespace EdgeBench.Backends.Tests.Adapters;

/// <summary>The option <c>adapter</c>, and adapters that are a part of the artifact: what runs, what a session says of it, and who refuses which.</summary>
public sealed class AdapterOptionTests : IDisposable
{
    private static readonly int[] s_tokens = [3, 40, 77, 114, 151];

    private readonly TemporaryFolder _folder = new();
    private readonly AdapterBase _base;

    public AdapterOptionTests()
    {
        new RandomCheckpoint(new TransformerShape { Architecture = "llama", Layers = 2, Width = 64, Heads = 2, KvHeads = 1, Ffn = 96, Vocabulary = 288 }, 1).Write(_folder.File("model.gguf"), 1);
        _base = AdapterBase.Open(_folder.File("model.gguf"));
    }

    public void Dispose() => _folder.Dispose();

    public static TheoryData<AdapterKind> Kinds => [.. Enum.GetValues<AdapterKind>()];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Managed_runs_any_kind_named_or_as_a_part_of_the_artifact(AdapterKind kind)
    {
        string file = Written("adapter.gguf", kind);
        using IBackendSession plain = Open("managed", Artifact(), new { }), named = Open("managed", Artifact(), new { adapter = file }), part = Open("managed", Artifact(file), new { });
        float[] logits = Logits(named);
        Assert.NotEqual(Logits(plain), logits);
        Assert.Equal(logits, Logits(part));
        foreach ((IBackendSession session, string source) in new[] { (named, "option"), (part, "artifact") })
        {
            IReadOnlyDictionary<string, string> facts = session.Facts.Details;
            Adapter adapter = GgufAdapter.Read(file, _base);
            Assert.Equal(("adapter.gguf", source, kind.ToString().ToLowerInvariant(), ContentHash.OfFile(file)), (facts["adapter"], facts["adapter_source"], facts["adapter_kind"], facts["adapter_sha256"]));
            Assert.Equal(($"{adapter.Parameters}", $"{4 * adapter.Parameters}"), (facts["adapter_parameters"], facts["adapter_bytes"]));
            bool isVirtual = kind is AdapterKind.Prompt or AdapterKind.Prefix;
            Assert.Equal(isVirtual ? "3, computed once" : null, facts.GetValueOrDefault("virtual_tokens"));
            Assert.Equal(64, session.Facts.Context);
            Assert.Equal(plain.Facts.TrainedContext - (isVirtual ? 3 : 0), session.Facts.TrainedContext);
            if (isVirtual) Assert.Equal(plain.Facts.KvBytes * 96 / 64, session.Facts.KvBytes);
        }
        Assert.DoesNotContain(plain.Facts.Details.Keys, key => key.StartsWith("adapter", StringComparison.Ordinal));
    }

    [Fact]
    public void A_lora_adapter_is_the_same_by_every_road()
    {
        string file = Written("adapter.gguf", AdapterKind.Lora);
        foreach (string name in new[] { "managed", "llamacpp" })
        {
            if (!BackendRegistry.Find(name).Probe(default).Installed) continue;
            using IBackendSession lora = Open(name, Artifact(), new { lora = new[] { new { path = file } } }), named = Open(name, Artifact(), new { adapter = file }), part = Open(name, Artifact(file), new { });
            Assert.Equal(Logits(lora), Logits(named));
            Assert.Equal(Logits(lora), Logits(part));
            Assert.Empty(part.Facts.NotApplied);
            Assert.Equal(("lora", "artifact"), (part.Facts.Details["adapter_kind"], part.Facts.Details["adapter_source"]));
        }
    }

    [Theory]
    [InlineData(AdapterKind.Prompt)]
    [InlineData(AdapterKind.Prefix)]
    [InlineData(AdapterKind.Bottleneck)]
    public void Llamacpp_says_that_it_does_not_apply_other_kinds(AdapterKind kind)
    {
        string file = Written("adapter.gguf", kind);
        foreach ((ArtifactFile artifact, object options) in new (ArtifactFile, object)[] { (Artifact(file), new { }), (Artifact(), new { adapter = file }) })
            Refused("llamacpp", $"llama.cpp runs LoRA adapters alone, and 'adapter.gguf' is one of kind {kind.ToString().ToLowerInvariant()}: it is not applied", artifact, options);
    }

    [Theory]
    [InlineData("onnxruntime", "onnx")]
    [InlineData("external", "gguf")]
    public void Backends_that_run_a_file_alone_take_no_artifact_with_an_adapter(string name, string format) =>
        Refused(name, "runs no adapter beside a model", Artifact(Written("adapter.gguf", AdapterKind.Lora)) with { Format = format }, new { });

    [Fact]
    public void What_does_not_belong_together_is_refused()
    {
        string prompt = Written("prompt.gguf", AdapterKind.Prompt), prefix = Written("adapter.gguf", AdapterKind.Prefix);
        Refused("managed", "one prompt or prefix", Artifact(prefix), new { adapter = prompt });
        Refused("managed", "Name it with 'adapter' in the place of 'lora'", Artifact(), new { lora = new[] { new { path = prompt } } });
        Refused("managed", "the file is no adapter", Artifact(), new { adapter = _folder.File("model.gguf") });
        Refused("managed", "which is not there", Artifact(), new { adapter = _folder.File("absent.gguf") }, FailureKind.MissingArtifact);
        ArtifactFile parted = Artifact(prefix);
        File.Delete(prefix);
        Refused("managed", "the artifact's part", parted, new { }, FailureKind.MissingArtifact);
    }

    [Theory]
    [InlineData("managed")]
    [InlineData("llamacpp")]
    public void Options_tell_their_file_and_what_it_adds(string name)
    {
        IBackend backend = BackendRegistry.Find(name);
        JsonElement one = Json(new { adapter = "a.gguf" }), both = Json(new { adapter = "a.gguf", lora = new[] { new { path = "b.gguf" } } });
        Assert.Equal(["a.gguf"], backend.DataFiles(one));
        Assert.Equal(["b.gguf", "a.gguf"], backend.DataFiles(both));
        Assert.Equal(3, new[] { backend.Additions(one), backend.Additions(both), backend.Additions(Json(new { })) }.Distinct().Count());
    }

    private ArtifactFile Artifact(string? adapter = null) => new(_folder.File("model.gguf"), "gguf", new FileInfo(_folder.File("model.gguf")).Length, "")
    {
        Parts = adapter is null ? [] : [new ArtifactPart("adapter.gguf", new FileInfo(adapter).Length, ContentHash.OfFile(adapter))],
    };

    private string Written(string name, AdapterKind kind)
    {
        GgufAdapter.Write(_folder.File(name), SampleAdapters.Of(kind, _base), _base);
        return _folder.File(name);
    }

    private static float[] Logits(IBackendSession session)
    {
        session.Reset();
        session.Prefill(s_tokens);
        return session.Logits.ToArray();
    }

    private static IBackendSession Open(string name, ArtifactFile artifact, object options) => BackendRegistry.Find(name).Open(artifact, Json(options), new(1, 64, 1));

    private static void Refused(string name, string part, ArtifactFile artifact, object options, FailureKind kind = FailureKind.Unsupported)
    {
        TrialFailure? failure = BackendRegistry.Find(name).Refuse(artifact, Json(options), new(1, 64, 1));
        Assert.Equal(kind, failure?.Kind);
        Assert.Contains(part, failure!.Message + failure.Remedy);
        Assert.NotNull(failure.Remedy);
    }

    private static JsonElement Json(object options) => JsonSerializer.SerializeToElement(options, EdgeBenchJson.Options);
}
