using System.Diagnostics;
using EdgeBench.Core.Backends;
using EdgeBench.Core.Trials;
using EdgeBench.Engine.Decoding;
using EdgeBench.Models.Architectures;

namespace EdgeBench.Engine.Sessions;

/// <summary>
/// Any <see cref="IWeights"/> of a decoder as a session, so that workloads can score it: all blocks in float32 in memory (4 bytes a parameter), a float32
/// key/value cache. A tap sees, and may change, what matrix products read.
/// </summary>
public sealed class EngineSession : IBackendSession
{
    // Tokens computed at once: bounds the working memory of long texts.
    private const int Batch = 512;

    private readonly Decoder _decoder;
    private readonly DecoderBlock[] _blocks;
    private readonly KvCache[] _caches;
    private readonly Func<string, bool, int[]> _tokenize;
    private readonly ActivationTap? _tap;
    private readonly float[] _logits;
    private bool _disposed, _hasLogits;

    /// <param name="tokenize">Token ids of a text; the flag adds what starts a text (BOS).</param>
    /// <param name="bos">Token that starts a text, or null.</param>
    public EngineSession(IWeights weights, SessionNeeds needs, Func<string, bool, int[]> tokenize, int? bos, ActivationTap? tap = null)
    {
        ArgumentNullException.ThrowIfNull(weights);
        ArgumentNullException.ThrowIfNull(needs);
        ArgumentNullException.ThrowIfNull(tokenize);
        Stopwatch clock = Stopwatch.StartNew();
        ModelArchitecture architecture = weights.Architecture;
        (_tokenize, _tap) = (tokenize, tap);
        _decoder = new(weights, needs.Threads, needs.Context);
        _blocks = [.. Enumerable.Range(0, architecture.Layers).Select(_decoder.Block)];
        _caches = [.. _blocks.Select(_ => new KvCache(needs.Context, architecture.KvHeads * architecture.HeadDim))];
        _logits = new float[architecture.Vocabulary];
        Facts = new()
        {
            Vocabulary = architecture.Vocabulary,
            Context = needs.Context,
            TrainedContext = architecture.Context,
            KvBytes = _caches.Sum(cache => cache.Bytes),
            Bos = bos,
            LoadSeconds = clock.Elapsed.TotalSeconds,
            Details = new Dictionary<string, string> { ["threads"] = $"{needs.Threads}", ["weights"] = "f32", ["kv_type"] = "f32" },
        };
    }

    public SessionFacts Facts { get; }

    public ReadOnlySpan<float> Logits => _hasLogits ? _logits : throw new InvalidOperationException("No logits: nothing was evaluated since the context was emptied.");

    public int[] Tokenize(string text, bool special) => _tokenize(text, special);

    /// <summary>Throws <see cref="NotSupportedException"/>: it is given the tokens of texts, and writes none.</summary>
    public string Detokenize(ReadOnlySpan<int> tokens) => throw new NotSupportedException("A session over an engine's weights writes no text.");

    public void Reset()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        _hasLogits = false;
        foreach (KvCache cache in _caches) cache.Clear();
    }

    public void Prefill(ReadOnlySpan<int> tokens) => Evaluate(tokens, Math.Max(0, tokens.Length - 1), static (_, _) => { });

    public void Decode(int token) => Prefill([token]);

    public void Evaluate(ReadOnlySpan<int> tokens, int firstRow, LogitRow row)
    {
        ArgumentNullException.ThrowIfNull(row);
        ArgumentOutOfRangeException.ThrowIfNegative(firstRow);
        Admit(tokens);
        for (int done = 0; done < tokens.Length; done += Batch)
        {
            int start = done, count = Math.Min(Batch, tokens.Length - done), wanted = Math.Clamp(firstRow - done, 0, count), last = tokens.Length - 1;
            float[] hidden = Run(tokens.Slice(done, count));
            int width = _decoder.Architecture.Width;
            _decoder.Head(hidden.AsSpan(wanted * width), (index, logits) =>
            {
                int token = start + wanted + index;
                if (token == last) logits.CopyTo(_logits);
                row(token, logits);
            });
            _hasLogits |= firstRow <= last;
        }
    }

    public void Dispose() => _disposed = true;

    private float[] Run(ReadOnlySpan<int> tokens)
    {
        float[] hidden = new float[tokens.Length * _decoder.Architecture.Width];
        _decoder.Embed(tokens, hidden);
        for (int layer = 0; layer < _blocks.Length; layer++) _blocks[layer].Append(hidden, tokens.Length, _caches[layer], _tap);
        return hidden;
    }

    private void Admit(ReadOnlySpan<int> tokens)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        int filled = _caches.Length == 0 ? 0 : _caches[0].Length;
        if (tokens.Length > Facts.Context - filled)
            throw new TrialException(FailureKind.Unsupported, $"{filled} + {tokens.Length} tokens do not fit a context of {Facts.Context}", "Give a larger 'context'.");
        foreach (int token in tokens)
        {
            if ((uint)token >= (uint)Facts.Vocabulary) throw new TrialException(FailureKind.Unsupported, $"Token {token} is outside of the vocabulary of {Facts.Vocabulary}");
        }
    }
}
