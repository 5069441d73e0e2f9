using System.Text.Json;
using EdgeBench.Backends.Managed;
using EdgeBench.Core.Backends;
using EdgeBench.Core.Configuration;
using EdgeBench.Core.IO;
using EdgeBench.Core.Trials;
using EdgeBench.Kernels.Packed;
using EdgeBench.Models.Gguf;
using EdgeBench.Models.Sources.Synthetic;
using EdgeBench.Testing;

namespace EdgeBench.Backends.Tests.Managed;

/// <summary>Facts, options and refusals, on a tiny random model.</summary>
public sealed class ManagedBackendTests : IDisposable
{
    private static readonly ManagedBackend s_backend = new();

    private readonly TemporaryFolder _folder = new();
    private readonly string _path;

    public ManagedBackendTests()
    {
        _path = Path.Combine(_folder.Path, "model.gguf");
        new RandomCheckpoint(new TransformerShape { Architecture = "llama", Layers = 2, Width = 64, Heads = 2, KvHeads = 1, Ffn = 96, Vocabulary = 288 }, 1).Write(_path, 1);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void It_is_always_there_and_its_version_names_the_build()
    {
        BackendStatus status = s_backend.Probe(default);
        Assert.True(status.Installed);
        Assert.Matches(@"^[0-9.]+\+[0-9a-f]{8}\.[0-9a-f]{8}$", status.Version);
    }

    [Fact]
    public void A_session_says_what_it_is()
    {
        using IBackendSession session = Open(new { ubatch = 100, threads_batch = 3 }, context: 200);
        Assert.Equal((288, 200), (session.Facts.Vocabulary, session.Facts.Context));
        Assert.Empty(session.Facts.NotApplied);
        // 2 layers, 1 key/value head of 32 elements, whole blocks of 32 positions, keys and values of two bytes.
        Assert.Equal(2 * 224 * 32 * 2 * 2, session.Facts.KvBytes);
        Assert.Equal(("100", "2", "3"), (session.Facts.Details["ubatch"], session.Facts.Details["threads"], session.Facts.Details["threads_batch"]));
        Assert.Equal(("f16", "f16", "default"), (session.Facts.Details["kv_type"], session.Facts.Details["kv_type_v"], session.Facts.Details["kv_type_source"]));
        Assert.Contains(session.Facts.Details["kernels"], KernelSets.All.Where(set => set.IsSupported).Select(set => set.Name));
        Assert.StartsWith("F16 ", session.Facts.Details["formats"]);
        Assert.InRange(session.Facts.LoadSeconds, 1e-6, 60);
    }

    [Fact]
    public void Prefill_decode_and_evaluation_agree_and_a_reset_forgets()
    {
        using IBackendSession session = Open(new { });
        int[] tokens = [5, 80, 12, 77, 42, 6];
        List<float[]> rows = [];
        session.Evaluate(tokens, 2, (_, logits) => rows.Add(logits.ToArray()));
        Assert.Equal(4, rows.Count);
        session.Reset();
        Assert.Throws<InvalidOperationException>(() => session.Logits.Length);
        session.Prefill(tokens.AsSpan(0, 5));
        session.Decode(tokens[5]);
        for (int i = 0; i < 288; i++) Assert.Equal(rows[^1][i], session.Logits[i], 1e-4);
    }

    [Fact]
    public void Every_kernel_set_that_runs_here_can_be_named()
    {
        foreach (KernelSet set in KernelSets.All.Where(set => set.IsSupported))
        {
            using IBackendSession session = Open(new { kernels = set.Name });
            Assert.Equal(set.Name, session.Facts.Details["kernels"]);
        }
    }

    [Fact]
    public void The_caches_type_is_the_options_else_the_files()
    {
        string asking = Asking("q8_0");
        using (IBackendSession session = Open(new { }, path: asking)) Assert.Equal("q8_0", session.Facts.Details["kv_type"]);
        using (IBackendSession session = Open(new { kv_type = "f32" }, path: asking))
        {
            Assert.Equal("f32", session.Facts.Details["kv_type_v"]);
            Assert.Equal("options; the file asks for q8_0 keys and q8_0 values", session.Facts.Details["kv_type_source"]);
        }
        Refused("'q5_1', which the managed engine has not", new { }, path: Asking("q5_1"));
    }

    [Fact]
    public void What_cannot_run_is_refused_with_what_can()
    {
        Refused("onnx", new { }, format: "onnx");
        Refused("'context: 10' is less than the 64 tokens", new { context = 10 });
        Refused("'ubatch'", new { ubatch = 0 });
        Refused("0 threads", new { }, threads: 0);
        Refused("'kernels: fast' is no kernel set", new { kernels = "fast" });
        Refused("qwen3", new { }, path: Other("architecture", file => file.Metadata.Select(entry => entry.Key == "general.architecture" ? new(entry.Key, GgufValue.From("mamba")) : entry)));
        Refused("one of ", new { }, path: Other("type", file => file.Metadata, GgmlType.TQ2_0));
        Assert.False(s_backend.Probe(Json(new { kernels = "fast" })).Installed);
        TrialFailure missing = s_backend.Refuse(new(Path.Combine(_folder.Path, "none.gguf"), "gguf", 0, ""), default, new(1, 8, 1))!;
        Assert.Equal(FailureKind.MissingArtifact, missing.Kind);
    }

    [Fact]
    public void More_memory_than_there_is_is_refused_before_it_is_taken()
    {
        TrialException error = Assert.Throws<TrialException>(() => Open(new { }, context: 2_000_000_000));
        Assert.Equal(FailureKind.OutOfMemory, error.Failure.Kind);
        Assert.Contains("are available", error.Message);
    }

    [Fact]
    public void Threads_that_cannot_be_bound_are_told()
    {
        using IBackendSession session = Open(new { pin_threads = true }, threads: 400);
        Assert.Contains(session.Facts.NotApplied, line => line.StartsWith("pin_threads: 400 threads on", StringComparison.Ordinal));
    }

    private IBackendSession Open(object options, string? path = null, int context = 64, int threads = 2) =>
        s_backend.Open(new(path ?? _path, "gguf", 0, ""), Json(options), new(threads, context, 8));

    private void Refused(string part, object options, string? path = null, string format = "gguf", int threads = 1)
    {
        TrialFailure? failure = s_backend.Refuse(new(path ?? _path, format, 0, ""), Json(options), new(threads, 64, 1));
        Assert.NotNull(failure);
        Assert.Equal(FailureKind.Unsupported, failure.Kind);
        Assert.Contains(part, failure.Message + failure.Remedy);
    }

    private string Asking(string type) => Other(type, file => [.. file.Metadata,
        new(ManagedKvTypes.KeysKey, GgufValue.From(type)), new(ManagedKvTypes.ValuesKey, GgufValue.From(type))]);

    // A copy with other metadata, or with a matrix of another type and no meaning.
    private string Other(string name, Func<GgufFile, IEnumerable<KeyValuePair<string, GgufValue>>> metadata, GgmlType? type = null)
    {
        using GgufFile file = GgufFile.Open(_path);
        string path = Path.Combine(_folder.Path, $"{name}.gguf");
        GgufWriter.Write(path, metadata(file), [.. file.Tensors.Select(tensor => type is { } other && tensor.Name == "token_embd.weight"
            ? new GgufTensorSource(tensor.Name, other, [256, 288], stream => stream.Write(new byte[other.Bytes(256 * 288)]))
            : new GgufTensorSource(tensor.Name, tensor.Type, tensor.Dimensions, stream => stream.Write(file.Data(tensor))))]);
        return path;
    }

    private static JsonElement Json(object options) => JsonSerializer.SerializeToElement(options, EdgeBenchJson.Options);
}
