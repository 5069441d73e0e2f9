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
    private readonly int _length;
    private readonly int[] _proposed;
    private int _known;

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
        (_target, _draft, _length, _proposed) = (target, draft, length, new int[length + 1]);
    }

    /// <summary>Drafted tokens so far, and how many of them were taken.</summary>
    public (long Drafted, long Taken) Counts { get; private set; }

    /// <summary>Starts with a prompt, of at least one token, in empty contexts.</summary>
    public void Start(ReadOnlySpan<int> prompt)
    {
        _target.Truncate(0);
        _draft.Truncate(0);
        _target.Append(prompt);
        _draft.Append(prompt);
        _known = Sampler.Largest(_target.Logits());
        Counts = default;
    }

    /// <summary>
    /// Appends the next tokens to <paramref name="text"/>: at least one, at most one more than are drafted. Throws
    /// <see cref="Core.Backends.TrialException"/> where the context ends.
    /// </summary>
    public void Next(List<int> text)
    {
        ArgumentNullException.ThrowIfNull(text);
        int start = _target.Length(), room = Math.Min(_target.Options.Context - start, _draft.Options.Context - start) - 1, count = Math.Clamp(room, 0, _length);
        // The token that is known already comes first; the draft goes on from it.
        _proposed[0] = _known;
        for (int i = 0; i < count; i++)
        {
            _draft.Append(_proposed.AsSpan(i, 1));
            _proposed[i + 1] = Sampler.Largest(_draft.Logits());
        }
        int taken = 0, next = -1;
        _target.Append(_proposed.AsSpan(0, count + 1), 0, (row, logits) =>
        {
            if (row != taken) return;
            next = Sampler.Largest(logits);
            if (row < count && next == _proposed[row + 1]) taken++;
        });
        for (int i = 0; i <= taken; i++) text.Add(_proposed[i]);
        _known = next;
        _target.Truncate(start + taken + 1);
        // The draft has not seen the last token that it proposed itself.
        if (_draft.Length() > start + taken + 1) _draft.Truncate(start + taken + 1);
        else if (_draft.Length() < start + taken + 1) _draft.Append(_proposed.AsSpan(taken, 1));
        Counts = (Counts.Drafted + count, Counts.Taken + taken);
    }
}
