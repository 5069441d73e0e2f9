using EdgeBench.Core.Backends;
using EdgeBench.Core.Trials;

namespace EdgeBench.Suites.Generation;

/// <summary>Pieces of a text, evenly spread, each in the place of a prompt: BOS instead of its first token where the model adds one.</summary>
internal sealed class PromptPieces
{
    private readonly int[][] _pieces;

    /// <summary>Throws <see cref="TrialException"/> for a text that is too short.</summary>
    public PromptPieces(IBackendSession session, string text, int length, int count)
    {
        int[] tokens = session.Tokenize(text, special: true);
        if (tokens.Length < (long)length * count)
        {
            throw new TrialException(FailureKind.Unsupported, $"The text has {tokens.Length} tokens; {count} prompts of {length} take {(long)length * count}",
                "Give a longer text, or lower 'prompt' or 'prompts'.");
        }
        int stride = tokens.Length / count;
        _pieces = [.. Enumerable.Range(0, count).Select(piece => tokens[(piece * stride)..((piece * stride) + length)])];
        if (session.Facts.Bos is not { } bos) return;
        foreach (int[] piece in _pieces) piece[0] = bos;
    }

    /// <summary>The prompt of a repetition: one after the other, then from the first again.</summary>
    public ReadOnlySpan<int> Of(int repetition) => _pieces[repetition % _pieces.Length];
}
