using EdgeBench.Core.Backends;

namespace EdgeBench.Testing.Fakes;

/// <summary>A session whose draft guesses <paramref name="taken"/> of <paramref name="drafted"/> tokens rightly each time.</summary>
/// <param name="wrongAt">Number of the speculation whose first token is not the model's own, as a broken engine would give; -1 for none.</param>
public sealed class FakeDraftingSession(FakeSession session, int drafted, int taken, int wrongAt = -1) : IDraftingSession
{
    private int _speculations;

    public SessionFacts Facts => session.Facts;

    public ReadOnlySpan<float> Logits => session.Logits;

    public DraftCounts Counts { get; private set; }

    public int[] Tokenize(string text, bool special) => session.Tokenize(text, special);

    public string Detokenize(ReadOnlySpan<int> tokens) => session.Detokenize(tokens);

    public void Reset() => session.Reset();

    public void Prefill(ReadOnlySpan<int> tokens) => session.Prefill(tokens);

    public void Decode(int token) => session.Decode(token);

    public void Evaluate(ReadOnlySpan<int> tokens, int firstRow, LogitRow row) => session.Evaluate(tokens, firstRow, row);

    public int Speculate(int token, Span<int> next)
    {
        int count = Math.Min(taken + 1, next.Length);
        for (int i = 0; i < count; i++)
        {
            session.Decode(token);
            token = next[i] = Best(session.Logits);
        }
        if (_speculations++ == wrongAt) next[0]++;
        Counts = new(Counts.Drafted + Math.Min(drafted, next.Length - 1), Counts.Taken + count - 1);
        return count;
    }

    public void Dispose() => session.Dispose();

    private static int Best(ReadOnlySpan<float> logits)
    {
        int best = 0;
        for (int i = 1; i < logits.Length; i++) best = logits[i] > logits[best] ? i : best;
        return best;
    }
}
