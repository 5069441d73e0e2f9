using EdgeBench.Core.Backends;
using EdgeBench.Core.Trials;
using EdgeBench.Models.Tokenizers;
using Microsoft.ML.OnnxRuntime;

namespace EdgeBench.Backends.OnnxRuntime;

/// <summary>One loaded decoder with one sequence's cache.</summary>
internal sealed class OnnxRuntimeSession : IBackendSession
{
    private readonly InferenceSession _session;
    private readonly IDecoderRun _run;
    private readonly ITokenizer _tokenizer;
    private readonly int _batch, _logitRows;
    private int _position, _lastRow = -1;
    private bool _disposed;

    /// <summary>Takes over session and run.</summary>
    public OnnxRuntimeSession(InferenceSession session, IDecoderRun run, ITokenizer tokenizer, int batch, int logitRows, SessionFacts facts)
    {
        (_session, _run, _tokenizer, _batch, _logitRows, Facts) = (session, run, tokenizer, batch, logitRows, facts);
    }

    public SessionFacts Facts { get; }

    internal IDecoderRun Run => _run;

    public ReadOnlySpan<float> Logits
    {
        get
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            return _lastRow >= 0 ? _run.Row(_lastRow) : throw new InvalidOperationException("No logits: nothing was evaluated since the context was emptied.");
        }
    }

    public int[] Tokenize(string text, bool special)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        return _tokenizer.Encode(text, special, parseSpecial: false);
    }

    public string Detokenize(ReadOnlySpan<int> tokens)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        return _tokenizer.Decode(tokens, special: false);
    }

    public void Reset()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        _run.Reset();
        (_position, _lastRow) = (0, -1);
    }

    public bool Rewind(int length)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, _position);
        if (!_run.FixedCache && length < _position) return false;
        (_position, _lastRow) = (length, -1);
        return true;
    }

    public void Prefill(ReadOnlySpan<int> tokens)
    {
        Admit(tokens);
        for (int done = 0; done < tokens.Length; done += _batch)
        {
            ReadOnlySpan<int> part = tokens.Slice(done, Math.Min(_batch, tokens.Length - done));
            Submit(part, done + part.Length < tokens.Length ? part.Length : part.Length - 1);
        }
    }

    public void Decode(int token)
    {
        ReadOnlySpan<int> one = new(in token);
        Admit(one);
        Submit(one, 0);
    }

    public void Evaluate(ReadOnlySpan<int> tokens, int firstRow, LogitRow row)
    {
        ArgumentNullException.ThrowIfNull(row);
        ArgumentOutOfRangeException.ThrowIfNegative(firstRow);
        Admit(tokens);
        for (int done = 0; done < tokens.Length;)
        {
            int rowless = Math.Max(firstRow - done, 0);
            int count = (int)Math.Min(Math.Min(_batch, tokens.Length - done), (long)rowless + _logitRows);
            Submit(tokens.Slice(done, count), Math.Min(rowless, count - 1));
            for (int i = rowless; i < count; i++) row(done + i, _run.Row(i));
            done += count;
        }
    }

    public void Dispose()
    {
        if (_disposed) return;
        _disposed = true;
        _run.Dispose();
        _session.Dispose();
    }

    // The last row is always computed: Logits may ask for it.
    private void Submit(ReadOnlySpan<int> tokens, int firstRow)
    {
        _run.Run(tokens, _position, firstRow);
        _position += tokens.Length;
        _lastRow = tokens.Length - 1;
    }

    // A token outside of the vocabulary or past the context must not reach the library.
    private void Admit(ReadOnlySpan<int> tokens)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (tokens.Length > Facts.Context - _position)
            throw new TrialException(FailureKind.Unsupported, $"{_position} + {tokens.Length} tokens do not fit a context of {Facts.Context}", "Give a larger 'context'.");
        foreach (int token in tokens)
        {
            if ((uint)token >= (uint)Facts.Vocabulary) throw new TrialException(FailureKind.Unsupported, $"Token {token} is outside of the vocabulary of {Facts.Vocabulary}");
        }
    }
}
