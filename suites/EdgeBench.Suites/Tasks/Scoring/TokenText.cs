using EdgeBench.Core.Backends;

namespace EdgeBench.Suites.Tasks.Scoring;

/// <summary>Texts as tokens, with BOS in front where the model adds one and nothing behind.</summary>
internal sealed class TokenText(IBackendSession session)
{
    // Where a text is empty and the model adds no BOS, something must predict its first token: the end of the text before.
    private readonly int? _start = session.Facts.Bos ?? (session.Facts.EndsOfText.Count > 0 ? session.Facts.EndsOfText[0] : null);

    public int[] Encode(string text)
    {
        int[] tokens = session.Tokenize(text, special: false);
        return session.Facts.Bos is { } bos ? [bos, .. tokens] : tokens.Length > 0 || _start is null ? tokens : [_start.Value];
    }

    /// <summary>
    /// A context and what follows it, split as lm-evaluation-harness does (api/model.py, <c>_encode_pair</c>): blanks at the context's end go to the continuation,
    /// both are encoded together, and what is longer than the context alone is the continuation. The context's tokens are those of the context alone.
    /// </summary>
    public (int[] Context, int[][] Continuations) Split(string context, IReadOnlyList<string> continuations)
    {
        string trimmed = context.TrimEnd(), blanks = context[trimmed.Length..];
        int[] head = Encode(trimmed);
        return (head, [.. continuations.Select(continuation => Encode(trimmed + blanks + continuation) is var whole && whole.Length > head.Length ? whole[head.Length..] : [])]);
    }
}
