using EdgeBench.Core.Backends;
using EdgeBench.Suites.Perplexity;

namespace EdgeBench.Suites.Tasks.ExactMatch;

/// <summary>Lets a session write: the largest logit each time, until a token that ends texts, the stop text, or the most tokens.</summary>
internal sealed class GreedyText(IBackendSession session, string stop, int most)
{
    private readonly HashSet<int> _ends = [.. session.Facts.EndsOfText];
    private readonly List<int> _tokens = [];

    /// <summary>What was written last, the token that ended it included.</summary>
    public IReadOnlyList<int> Tokens => _tokens;

    /// <summary>The text that follows a prompt, without what ended it.</summary>
    public string After(ReadOnlySpan<int> prompt)
    {
        _tokens.Clear();
        session.Reset();
        session.Prefill(prompt);
        string text = "";
        while (_tokens.Count < most)
        {
            int token = TokenScore.Best(session.Logits);
            _tokens.Add(token);
            if (_ends.Contains(token)) break;
            text = session.Detokenize(_tokens.ToArray());
            int end = stop.Length == 0 ? -1 : text.IndexOf(stop, StringComparison.Ordinal);
            if (end >= 0) return text[..end];
            if (_tokens.Count < most) session.Decode(token);
        }
        return text;
    }
}
