using EdgeBench.Core.Backends;
using EdgeBench.Engine.Inference.Forward;
using EdgeBench.Engine.Inference.Loading;
using EdgeBench.Engine.Inference.Threads;
using EdgeBench.Models.Tokenizers;

namespace EdgeBench.Engine.Inference.Sessions;

/// <summary>A packed decoder with one sequence as a session. Takes over everything that it is given.</summary>
public sealed class PackedSession(
    PackedDecoder model, DecoderRun run, IReadOnlyList<Crew> crews, ITokenizer tokenizer, SessionFacts facts) : IBackendSession
{
    private bool _disposed;

    public SessionFacts Facts => facts;

    /// <summary>What it runs on, for several sequences and profiles.</summary>
    public DecoderRun Run => run;

    public ReadOnlySpan<float> Logits
    {
        get
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            return run.Logits();
        }
    }

    public int[] Tokenize(string text, bool special)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        return tokenizer.Encode(text, special, parseSpecial: false);
    }

    public string Detokenize(ReadOnlySpan<int> tokens)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        return tokenizer.Decode(tokens, special: false);
    }

    public void Reset()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        run.Truncate(0);
    }

    public bool Rewind(int length)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        run.Truncate(length);
        return true;
    }

    public void Prefill(ReadOnlySpan<int> tokens)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        run.Append(tokens);
    }

    public void Decode(int token) => Prefill(new ReadOnlySpan<int>(in token));

    public void Evaluate(ReadOnlySpan<int> tokens, int firstRow, LogitRow row)
    {
        ArgumentNullException.ThrowIfNull(row);
        ArgumentOutOfRangeException.ThrowIfNegative(firstRow);
        ObjectDisposedException.ThrowIf(_disposed, this);
        run.Append(tokens, firstRow, row);
    }

    public void Dispose()
    {
        if (_disposed) return;
        _disposed = true;
        foreach (Crew crew in crews) crew.Dispose();
        run.Dispose();
        model.Dispose();
    }
}
