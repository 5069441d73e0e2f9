using EdgeBench.Core.Backends;

namespace EdgeBench.Suites.Tests.Sustained;

/// <summary>A session whose prefills take as many milliseconds as it is told each time.</summary>
internal sealed class SlowingSession(IBackendSession inner, Func<int> milliseconds) : IBackendSession
{
    public SessionFacts Facts => inner.Facts;

    public ReadOnlySpan<float> Logits => inner.Logits;

    public int[] Tokenize(string text, bool special) => inner.Tokenize(text, special);

    public string Detokenize(ReadOnlySpan<int> tokens) => inner.Detokenize(tokens);

    public void Reset() => inner.Reset();

    public void Prefill(ReadOnlySpan<int> tokens)
    {
        Thread.Sleep(milliseconds());
        inner.Prefill(tokens);
    }

    public void Decode(int token) => inner.Decode(token);

    public void Evaluate(ReadOnlySpan<int> tokens, int firstRow, LogitRow row) => inner.Evaluate(tokens, firstRow, row);

    public void Dispose() => inner.Dispose();
}
