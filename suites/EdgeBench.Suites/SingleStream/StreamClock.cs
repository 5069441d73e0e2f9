using System.Diagnostics;
using EdgeBench.Core.Backends;

namespace EdgeBench.Suites.SingleStream;

/// <summary>
/// Runs the timed part of one repetition. Between the first and the last time stamp there are only the session's calls and stores into arrays
/// made beforehand.
/// </summary>
internal sealed class StreamClock(StreamTest test)
{
    private readonly int[] _prompt = new int[test.Prompt];
    private readonly int[] _decoded = new int[test.Generate];
    private readonly int[] _depth = new int[test.Depth];

    // [0] start, [1] prompt done, [1 + i] decode step i done.
    private readonly long[] _stamps = new long[test.Generate + 2];

    /// <summary>Draws this repetition's tokens.</summary>
    public void Draw(ref RandomTokens random, int? bos)
    {
        random.Fill(_depth, bos);
        random.Fill(_prompt, bos);
        random.Fill(_decoded, bos);
    }

    /// <summary>llama-bench's warm-up: the prompt, then one decode step, in an empty context.</summary>
    public void WarmUp(IBackendSession session)
    {
        session.Reset();
        if (_prompt.Length > 0) session.Prefill(_prompt);
        if (_decoded.Length > 0) session.Decode(_decoded[0]);
    }

    /// <summary>Empties the context and fills it to the depth, untimed.</summary>
    public void Prepare(IBackendSession session)
    {
        session.Reset();
        if (_depth.Length > 0) session.Prefill(_depth);
    }

    public void Run(IBackendSession session)
    {
        int[] decoded = _decoded;
        long[] stamps = _stamps;
        stamps[0] = Stopwatch.GetTimestamp();
        if (_prompt.Length > 0) session.Prefill(_prompt);
        stamps[1] = Stopwatch.GetTimestamp();
        for (int i = 0; i < decoded.Length; i++)
        {
            session.Decode(decoded[i]);
            stamps[i + 2] = Stopwatch.GetTimestamp();
        }
    }

    /// <summary>Seconds of the prompt.</summary>
    public double PromptSeconds => Between(0, 1);

    /// <summary>Seconds of all decode steps.</summary>
    public double DecodeSeconds => Between(1, _decoded.Length + 1);

    public double TotalSeconds => Between(0, _decoded.Length + 1);

    /// <summary>Seconds of decode step <paramref name="step"/> (0-based).</summary>
    public double StepSeconds(int step) => Between(step + 1, step + 2);

    /// <summary>Seconds from the start until decode step <paramref name="step"/> was complete.</summary>
    public double StepEnd(int step) => Between(0, step + 2);

    // Not by TimeSpan, which cuts to 100 ns.
    private double Between(int from, int to) => (_stamps[to] - _stamps[from]) / (double)Stopwatch.Frequency;
}
