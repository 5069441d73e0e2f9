using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using EdgeBench.Core.Backends;

namespace EdgeBench.Benchmarks.Engine;

/// <summary>A test by llama-bench's names: <c>pp512</c>, <c>tg64</c>, <c>tg64@d512</c>.</summary>
internal sealed partial record EngineTest(string Name, int Prompt, int Generate, int Depth)
{
    public static EngineTest? Parse(string name)
    {
        Match parts = Pattern().Match(name);
        if (!parts.Success) return null;
        int count = int.Parse(parts.Groups[2].ValueSpan, CultureInfo.InvariantCulture), depth = parts.Groups[3].Success ? int.Parse(parts.Groups[3].ValueSpan, CultureInfo.InvariantCulture) : 0;
        return parts.Groups[1].Value == "pp" ? new(name, count, 0, depth) : new(name, 0, count, depth);
    }

    /// <summary>Positions that it needs.</summary>
    public int Context => Prompt + Generate + Depth;

    /// <summary>Tokens a second, after a short untimed run that wakes threads and fills caches.</summary>
    /// <param name="timed">Called where the timed part starts.</param>
    public double Rate(IBackendSession session, Random random, Action? timed = null)
    {
        int[] tokens = [.. Enumerable.Range(0, Context).Select(_ => random.Next(session.Facts.Vocabulary))];
        session.Reset();
        if (Generate == 0) session.Prefill(tokens.AsSpan(0, Math.Min(32, tokens.Length)));
        else for (int i = 0; i < 2; i++) session.Decode(tokens[i]);
        session.Reset();
        if (Depth > 0) session.Prefill(tokens.AsSpan(0, Depth));
        timed?.Invoke();
        long start = Stopwatch.GetTimestamp();
        if (Prompt > 0) session.Prefill(tokens.AsSpan(Depth));
        else foreach (int token in tokens.AsSpan(Depth)) session.Decode(token);
        return (Prompt + Generate) / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    [GeneratedRegex(@"^(pp|tg)([1-9][0-9]{0,5})(?:@d([0-9]{1,5}))?\z")]
    private static partial Regex Pattern();
}
