namespace EdgeBench.Core.Backends;

/// <summary>
/// A loaded artifact with one sequence's context. Every call returns only when its work is complete (synchronised), so that a caller
/// may time it. Not thread-safe.
/// </summary>
public interface IBackendSession : IDisposable
{
    SessionFacts Facts { get; }

    /// <summary>Token ids of a text by the artifact's own tokenizer; <paramref name="special"/> adds what the file says starts a text (BOS).</summary>
    int[] Tokenize(string text, bool special);

    /// <summary>The text that tokens spell, without control tokens; bytes that are no UTF-8 become U+FFFD.</summary>
    string Detokenize(ReadOnlySpan<int> tokens);

    /// <summary>Empties the context.</summary>
    void Reset();

    /// <summary>
    /// Shortens the context to its first tokens, so that texts with a common beginning need it only once; <see cref="Logits"/> are not to be had until the next
    /// evaluation. False, with the context as it was, where the runtime cannot.
    /// </summary>
    /// <param name="length">Tokens that stay, at most those in the context.</param>
    bool Rewind(int length) => false;

    /// <summary>Appends tokens to the context; afterwards <see cref="Logits"/> are the last token's.</summary>
    void Prefill(ReadOnlySpan<int> tokens);

    /// <summary>Appends one token; afterwards <see cref="Logits"/> are its.</summary>
    void Decode(int token);

    /// <summary>Logits of the last token, vocabulary long; valid until the next call.</summary>
    ReadOnlySpan<float> Logits { get; }

    /// <summary>
    /// Appends tokens and reads the logits of those from <paramref name="firstRow"/> on, row by row, each vocabulary long; the rows are
    /// passed to <paramref name="row"/> with their index in <paramref name="tokens"/>, and are valid only during the call.
    /// </summary>
    void Evaluate(ReadOnlySpan<int> tokens, int firstRow, LogitRow row);
}

/// <summary>Receives the logits of one position.</summary>
public delegate void LogitRow(int index, ReadOnlySpan<float> logits);

/// <summary>What a session is, as the runtime itself says.</summary>
public sealed record SessionFacts
{
    public required int Vocabulary { get; init; }

    /// <summary>Tokens that the context holds.</summary>
    public required int Context { get; init; }

    /// <summary>Longest context that the model was trained for.</summary>
    public required int TrainedContext { get; init; }

    /// <summary>Bytes of the key/value cache, or null where the runtime does not tell.</summary>
    public required long? KvBytes { get; init; }

    /// <summary>Token that starts a text, or null where the file says to add none.</summary>
    public int? Bos { get; init; }

    /// <summary>Tokens that end a text which the model writes: end of text, of a turn, of a message.</summary>
    public IReadOnlyList<int> EndsOfText { get; init; } = [];

    /// <summary>Seconds that opening took.</summary>
    public required double LoadSeconds { get; init; }

    /// <summary>Version, library hash, CPU variant, options in effect.</summary>
    public required IReadOnlyDictionary<string, string> Details { get; init; }

    /// <summary>Options that did not take effect.</summary>
    public IReadOnlyList<string> NotApplied { get; init; } = [];
}
