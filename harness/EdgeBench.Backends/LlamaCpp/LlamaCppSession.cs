using System.Runtime.InteropServices;
using EdgeBench.Core.Backends;
using EdgeBench.Core.Trials;

namespace EdgeBench.Backends.LlamaCpp;

/// <summary>One model with one context. Nothing is allocated by a token.</summary>
internal sealed unsafe class LlamaCppSession : IBackendSession
{
    private readonly LlamaCppApi _api;
    private readonly LlamaCppModel _model;
    private readonly LlamaCppContext _context;
    private readonly int _batch;
    private readonly int _logitRows;
    private readonly sbyte* _wanted;
    private int _position;
    private bool _disposed;

    /// <summary>Takes over model and context.</summary>
    /// <param name="batch">Most tokens of one call.</param>
    /// <param name="logitRows">Most rows of logits that one call keeps in memory.</param>
    public LlamaCppSession(LlamaCppApi api, LlamaCppModel model, LlamaCppContext context, int batch, int logitRows, SessionFacts facts)
    {
        (_api, _model, _context, _batch, _logitRows, Facts) = (api, model, context, batch, logitRows, facts);
        _wanted = (sbyte*)NativeMemory.AllocZeroed((nuint)batch);
    }

    public SessionFacts Facts { get; }

    public ReadOnlySpan<float> Logits => new(Row(-1), Facts.Vocabulary);

    public int[] Tokenize(string text, bool special)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        return _model.Tokenize(text, special);
    }

    public string Detokenize(ReadOnlySpan<int> tokens)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        foreach (int token in tokens)
        {
            if ((uint)token >= (uint)Facts.Vocabulary) throw Unknown(token);
        }
        return _model.Detokenize(tokens);
    }

    public void Reset()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        _api.MemoryClear(_context.Memory, 0);
        _position = 0;
    }

    public bool Rewind(int length)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, _position);
        // Sequence 0 from that position to its end. Recurrent models, and sliding windows that have moved on, cannot go back.
        if (_api.MemoryRemove(_context.Memory, 0, length, -1) == 0) return false;
        _position = length;
        return true;
    }

    public void Prefill(ReadOnlySpan<int> tokens)
    {
        Admit(tokens);
        fixed (int* all = tokens)
        {
            for (int done = 0; done < tokens.Length; done += _batch) Submit(all + done, Math.Min(_batch, tokens.Length - done), null);
        }
        _api.Synchronize(_context.Handle);
    }

    public void Decode(int token)
    {
        Admit(new ReadOnlySpan<int>(in token));
        Submit(&token, 1, null);
        _api.Synchronize(_context.Handle);
    }

    public void Evaluate(ReadOnlySpan<int> tokens, int firstRow, LogitRow row)
    {
        ArgumentNullException.ThrowIfNull(row);
        ArgumentOutOfRangeException.ThrowIfNegative(firstRow);
        Admit(tokens);
        fixed (int* all = tokens)
        {
            for (int done = 0; done < tokens.Length;)
            {
                int rowless = Math.Max(firstRow - done, 0);
                int count = (int)Math.Min(Math.Min(_batch, tokens.Length - done), (long)rowless + _logitRows);
                for (int i = 0; i < count; i++) _wanted[i] = i >= rowless ? (sbyte)1 : (sbyte)0;
                Submit(all + done, count, _wanted);
                _api.Synchronize(_context.Handle);
                for (int i = rowless; i < count; i++) row(done + i, new ReadOnlySpan<float>(Row(i), Facts.Vocabulary));
                done += count;
            }
        }
    }

    public void Dispose()
    {
        if (_disposed) return;
        _disposed = true;
        _context.Dispose();
        _model.Dispose();
        NativeMemory.Free(_wanted);
    }

    private void Submit(int* tokens, int count, sbyte* wanted)
    {
        int code = _api.Decode(_context.Handle, new LlamaBatch { Count = count, Tokens = tokens, Logits = wanted });
        if (code != 0) throw LlamaCppFailures.Decode(code, LlamaCppLog.LastProblems());
        _position += count;
    }

    // A token outside of the vocabulary or past the context must not reach the library.
    private void Admit(ReadOnlySpan<int> tokens)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (tokens.Length > Facts.Context - _position) throw Overflow(tokens.Length);
        foreach (int token in tokens)
        {
            if ((uint)token >= (uint)Facts.Vocabulary) throw Unknown(token);
        }
    }

    private TrialException Overflow(int more) =>
        new(FailureKind.Unsupported, $"{_position} + {more} tokens do not fit a context of {Facts.Context}", "Give a larger 'context'.");

    private TrialException Unknown(int token) =>
        new(FailureKind.Unsupported, $"Token {token} is outside of the vocabulary of {Facts.Vocabulary}");

    private float* Row(int index)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        float* row = _api.LogitsAt(_context.Handle, index);
        return row is not null ? row : throw new InvalidOperationException("No logits: nothing was evaluated since the context was created.");
    }
}
