using System.Diagnostics;
using EdgeBench.Core.Backends;
using EdgeBench.Suites.Perplexity;

namespace EdgeBench.Suites.Generation;

/// <summary>
/// Lets a session write greedily and takes the time of every token. Between the first and the last time stamp there are only the session's calls, the choice of
/// the largest logit, and stores into arrays made beforehand.
/// </summary>
internal sealed class GreedyClock(int tokens)
{
    private readonly int[] _text = new int[tokens];

    // [0] start, [1 + i] token i known.
    private readonly long[] _stamps = new long[tokens + 1];

    /// <summary>What was written.</summary>
    public ReadOnlySpan<int> Text => _text;

    /// <summary>In an empty context. A session with a draft speculates.</summary>
    /// <param name="drafted">False lets such a session do without its draft.</param>
    public void Run(IBackendSession session, ReadOnlySpan<int> prompt, bool drafted)
    {
        IDraftingSession? drafting = drafted ? session as IDraftingSession : null;
        session.Reset();
        _stamps[0] = Stopwatch.GetTimestamp();
        session.Prefill(prompt);
        _text[0] = TokenScore.Best(session.Logits);
        _stamps[1] = Stopwatch.GetTimestamp();
        for (int known = 1; known < _text.Length;)
        {
            int more = drafting is null ? Step(session, known) : drafting.Speculate(_text[known - 1], _text.AsSpan(known));
            _stamps.AsSpan(known + 1, more).Fill(Stopwatch.GetTimestamp());
            known += more;
        }
    }

    /// <summary>Seconds until the first token was known.</summary>
    public double FirstSeconds => Between(0, 1);

    /// <summary>Seconds from the first token to the last.</summary>
    public double RestSeconds => Between(1, _text.Length);

    public double TotalSeconds => Between(0, _text.Length);

    /// <summary>Seconds between token <paramref name="index"/> (from 1) and the one before; 0 where one step gave both.</summary>
    public double GapSeconds(int index) => Between(index, index + 1);

    /// <summary>Seconds from the start until token <paramref name="index"/> was known.</summary>
    public double KnownAt(int index) => Between(0, index + 1);

    private int Step(IBackendSession session, int known)
    {
        session.Decode(_text[known - 1]);
        _text[known] = TokenScore.Best(session.Logits);
        return 1;
    }

    private double Between(int from, int to) => (_stamps[to] - _stamps[from]) / (double)Stopwatch.Frequency;
}
