using EdgeBench.Core.Backends;
using EdgeBench.Engine.Inference.Forward;

namespace EdgeBench.Engine.Inference.Generation;

/// <summary>
/// Greedy decoding by which a small model drafts tokens and the large one checks them all at once. Lossless: what comes out is what the large model alone would
/// give, because a draft is taken only as far as it is the large model's own choice. Source: Y. Leviathan, M. Kalman, Y. Matias, "Fast Inference from
/// Transformers via Speculative Decoding", 2023 (here with temperature 0).
/// </summary>
public sealed class SpeculativeDecoder
{
    /// <summary>Tokens that are drafted at most: with one more they are still checked as single tokens would be, bit for bit.</summary>
    public const int MostDrafted = 7;

    private readonly DecoderRun _target, _draft;
    private readonly int[] _proposed, _unseen = new int[2];
    private readonly LogitRow _check;
    private int _count, _taken, _choice;

    /// <param name="target">The model whose text it is; its logits of 1 + <paramref name="length"/> rows must fit (<see cref="RunOptions.LogitRows"/>).</param>
    /// <param name="draft">A model with the same vocabulary.</param>
    /// <param name="length">Tokens that are drafted at a time.</param>
    public SpeculativeDecoder(DecoderRun target, DecoderRun draft, int length = 4)
    {
        ArgumentNullException.ThrowIfNull(target);
        ArgumentNullException.ThrowIfNull(draft);
        ArgumentOutOfRangeException.ThrowIfLessThan(length, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, MostDrafted);
        if (target.Architecture.Vocabulary != draft.Architecture.Vocabulary)
            throw new ArgumentException($"A draft of {draft.Architecture.Vocabulary} tokens for a model of {target.Architecture.Vocabulary}; expected the same vocabulary.", nameof(draft));
        (_target, _draft, _proposed, _check) = (target, draft, new int[length + 1], Check);
    }

    /// <summary>So far.</summary>
    public DraftCounts Counts { get; private set; }

    /// <summary>
    /// Appends a token to the target's context, and as many more as the draft guesses rightly. <paramref name="next"/> receives the target's own greedy choices
    /// that follow: at least one, at most its length; all but the last of them are in the context. Throws <see cref="TrialException"/> where the context ends.
    /// </summary>
    public int Next(int token, Span<int> next)
    {
        ArgumentOutOfRangeException.ThrowIfZero(next.Length);
        int start = _target.Length(), room = Math.Min(_target.Options.Context, _draft.Options.Context) - start - 1;
        _proposed[0] = token;
        _count = Math.Clamp(room, 0, Math.Min(_proposed.Length, next.Length) - 1);
        Propose();
        (_taken, _choice) = (0, -1);
        _target.Append(_proposed.AsSpan(0, _count + 1), 0, _check);
        _target.Truncate(start + _taken + 1);
        Counts = new(Counts.Drafted + _count, Counts.Taken + _taken);
        _proposed.AsSpan(1, _taken).CopyTo(next);
        next[_taken] = _choice;
        return _taken + 1;
    }

    // Fills the proposals after the first.
    private void Propose()
    {
        if (_count == 0) return;
        ReadOnlySpan<int> context = _target.Tokens();
        int shared = context.CommonPrefixLength(_draft.Tokens()), behind = context.Length - shared;
        _draft.Truncate(shared);
        // One token that the draft has not seen, its own last one as a rule, goes along with the next.
        if (behind > 1) _draft.Append(context[shared..]);
        int first = behind == 1 ? 0 : 1;
        if (first == 0) _unseen[0] = context[shared];
        _unseen[1] = _proposed[0];
        for (int i = 0; i < _count; i++)
        {
            _draft.Append(i == 0 ? _unseen.AsSpan(first) : _proposed.AsSpan(i, 1));
            _proposed[i + 1] = Sampler.Largest(_draft.Logits());
        }
    }

    private void Check(int row, ReadOnlySpan<float> logits)
    {
        if (row != _taken) return;
        _choice = Sampler.Largest(logits);
        if (row < _count && _choice == _proposed[row + 1]) _taken++;
    }
}
