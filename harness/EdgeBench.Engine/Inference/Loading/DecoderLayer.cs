using EdgeBench.Engine.Inference.Memory;

namespace EdgeBench.Engine.Inference.Loading;

/// <summary>One layer's weights.</summary>
internal sealed record DecoderLayer : IDisposable
{
    public required NativeBlock AttentionNorm { get; init; }

    public NativeBlock? QueryNorm { get; init; }

    public NativeBlock? KeyNorm { get; init; }

    public NativeBlock? AttentionPostNorm { get; init; }

    public required NativeBlock FeedForwardNorm { get; init; }

    public NativeBlock? FeedForwardPostNorm { get; init; }

    public required Linear Query { get; init; }

    public required Linear Key { get; init; }

    public required Linear Value { get; init; }

    public required Linear Output { get; init; }

    public required Linear Gate { get; init; }

    public required Linear Up { get; init; }

    public required Linear Down { get; init; }

    public IReadOnlyList<Linear> Linears => [Query, Key, Value, Output, Gate, Up, Down];

    public void Dispose()
    {
        foreach (Linear linear in Linears) linear.Dispose();
        foreach (NativeBlock? norm in new[] { AttentionNorm, QueryNorm, KeyNorm, AttentionPostNorm, FeedForwardNorm, FeedForwardPostNorm }) norm?.Dispose();
    }
}
