using EdgeBench.Engine.Inference.Memory;

namespace EdgeBench.Engine.Inference.Caching;

/// <summary>Keys and values of a prefix, to start other texts from. Only for runs of the same model and cache formats; with adapters, for the run that it is from.</summary>
public sealed class SavedPrefix : IDisposable
{
    private readonly NativeBlock _memory;
    private readonly int[] _tokens;

    internal SavedPrefix(NativeBlock memory, int[] tokens, object owner) => (_memory, _tokens, Owner) = (memory, tokens, owner);

    /// <summary>Tokens of the prefix.</summary>
    public ReadOnlySpan<int> Tokens => _tokens;

    public long Bytes => _memory.Bytes;

    internal object Owner { get; }

    internal NativeBlock Memory => _memory;

    /// <summary>Tokens that the start of <paramref name="text"/> shares with the prefix.</summary>
    public int SharedWith(ReadOnlySpan<int> text) => text.CommonPrefixLength(_tokens);

    public void Dispose() => _memory.Dispose();
}
