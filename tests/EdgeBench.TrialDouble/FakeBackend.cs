using System.Text.Json;
using EdgeBench.Core.Backends;
using EdgeBench.Core.Trials;

namespace EdgeBench.TrialDouble;

/// <summary>
/// A backend that computes nothing. Option <c>refuse</c> makes it refuse, <c>fall_at_end</c> makes its session crash when disposed,
/// <c>slow_library</c> makes it take 0.3 s before the load, <c>hide_cache</c> makes it keep the size of its cache to itself.
/// </summary>
public sealed class FakeBackend : IBackend
{
    public const string TypeName = "fake";

    public string Name => TypeName;

    public string Format => "fake";

    public Type OptionsType => typeof(object);

    public BackendStatus Probe(JsonElement options) => new(true, "1.0", "/nowhere", null, null);

    public TrialFailure? Refuse(ArtifactFile artifact, JsonElement options, SessionNeeds needs) =>
        options.TryGetProperty("refuse", out _) ? new TrialFailure(FailureKind.Unsupported, "no such tensor type") : null;

    public IBackendSession Open(ArtifactFile artifact, JsonElement options, SessionNeeds needs)
    {
        if (options.TryGetProperty("slow_library", out _)) Thread.Sleep(300);
        Thread.Sleep(100);
        return new FakeSession(options.TryGetProperty("fall_at_end", out _), options.TryGetProperty("hide_cache", out _) ? null : 4096);
    }
}

/// <summary>A session whose only work is its facts.</summary>
public sealed class FakeSession(bool fallAtEnd, long? cacheBytes) : IBackendSession
{
    public SessionFacts Facts { get; } = new()
    {
        Vocabulary = 16,
        Context = 32,
        TrainedContext = 64,
        KvBytes = cacheBytes,
        LoadSeconds = 0.1,
        Details = new Dictionary<string, string> { ["library"] = "fake 1.0" },
        NotApplied = ["flash attention"],
    };

    public ReadOnlySpan<float> Logits => [];

    public int[] Tokenize(string text, bool special) => [];

    public string Detokenize(ReadOnlySpan<int> tokens) => "";

    public void Reset()
    {
    }

    public void Prefill(ReadOnlySpan<int> tokens)
    {
    }

    public void Decode(int token)
    {
    }

    public void Evaluate(ReadOnlySpan<int> tokens, int firstRow, LogitRow row)
    {
    }

    public void Dispose()
    {
        if (fallAtEnd) NativeFaults.SegmentationFault();
    }
}
