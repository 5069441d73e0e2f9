using EdgeBench.Core.Backends;

namespace EdgeBench.Testing.Fakes;

/// <summary>
/// A session whose logits are a function of the last token, and whose calls are recorded. It allocates nothing in a call, so that a test can see what its
/// user allocates between calls.
/// </summary>
/// <param name="logits">Writes the logits after a token; null writes a ramp that depends on it.</param>
public sealed class FakeSession(int vocabulary = 8, int trainedContext = 4096, int? bos = null, Action<int, Span<float>>? logits = null) : IBackendSession
{
    private readonly float[] _row = new float[vocabulary];
    private readonly Call[] _calls = new Call[100_000];
    private int _count;

    public enum Kind
    {
        Reset,
        Prefill,
        Decode,
        Evaluate,
        Rewind,
    }

    /// <summary>One call, with the bytes that its thread had allocated when it began.</summary>
    public readonly record struct Call(Kind Kind, int Tokens, int First, long AllocatedBefore);

    public ReadOnlySpan<Call> Calls => _calls.AsSpan(0, _count);

    /// <summary>Every token that came in, in order; null records none.</summary>
    public List<int>? Seen { get; init; }

    /// <summary>Busy time of a prefill and of a decode step.</summary>
    public TimeSpan PrefillTime { get; init; }

    public TimeSpan DecodeTime { get; init; }

    /// <summary>Splits a text; null gives one token a character, modulo the vocabulary.</summary>
    public Func<string, int[]>? Tokenizer { get; init; }

    /// <summary>Joins tokens; null gives each token its character.</summary>
    public Func<int[], string>? Detokenizer { get; init; }

    /// <summary>Whether <see cref="Rewind"/> works.</summary>
    public bool Rewinds { get; init; } = true;

    public bool Disposed { get; private set; }

    public int Held { get; private set; }

    public SessionFacts Facts { get; init; } = new()
    {
        Vocabulary = vocabulary,
        Context = trainedContext,
        TrainedContext = trainedContext,
        KvBytes = 0,
        Bos = bos,
        LoadSeconds = 0,
        Details = new Dictionary<string, string>(),
    };

    public ReadOnlySpan<float> Logits => _row;

    public int[] Tokenize(string text, bool special) => Tokenizer?.Invoke(text) ?? [.. text.Select(character => character % vocabulary)];

    public string Detokenize(ReadOnlySpan<int> tokens) => Detokenizer?.Invoke(tokens.ToArray()) ?? string.Concat(tokens.ToArray().Select(token => (char)token));

    public bool Rewind(int length)
    {
        if (!Rewinds) return false;
        Record(Kind.Rewind, default);
        Held = length;
        return true;
    }

    public void Reset()
    {
        Record(Kind.Reset, default);
        Held = 0;
    }

    public void Prefill(ReadOnlySpan<int> tokens)
    {
        Record(Kind.Prefill, tokens);
        Write(tokens[^1]);
        Spin(PrefillTime);
    }

    public void Decode(int token)
    {
        Record(Kind.Decode, new ReadOnlySpan<int>(in token));
        Write(token);
        Spin(DecodeTime);
    }

    public void Evaluate(ReadOnlySpan<int> tokens, int firstRow, LogitRow row)
    {
        ArgumentNullException.ThrowIfNull(row);
        Record(Kind.Evaluate, tokens);
        for (int i = firstRow; i < tokens.Length; i++)
        {
            Write(tokens[i]);
            row(i, _row);
        }
    }

    public void Dispose() => Disposed = true;

    private void Record(Kind kind, ReadOnlySpan<int> tokens)
    {
        _calls[_count++] = new(kind, tokens.Length, tokens.Length > 0 ? tokens[0] : -1, GC.GetAllocatedBytesForCurrentThread());
        Held += tokens.Length;
        if (Seen is null) return;
        foreach (int token in tokens) Seen.Add(token);
    }

    private void Write(int token)
    {
        if (logits is not null) logits(token, _row);
        else for (int i = 0; i < _row.Length; i++) _row[i] = (i * 7 + token * 3) % 11 * 0.25f;
    }

    private static void Spin(TimeSpan time)
    {
        if (time == TimeSpan.Zero) return;
        long start = System.Diagnostics.Stopwatch.GetTimestamp();
        while (System.Diagnostics.Stopwatch.GetElapsedTime(start) < time) Thread.SpinWait(10);
    }
}
