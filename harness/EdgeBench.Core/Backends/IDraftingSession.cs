namespace EdgeBench.Core.Backends;

/// <summary>
/// A session with a draft model beside the artifact: the small model guesses tokens, the artifact checks them all at once. The other calls are the artifact's
/// alone: the draft catches up in the next <see cref="Speculate"/>.
/// </summary>
public interface IDraftingSession : IBackendSession
{
    /// <summary>
    /// Appends a token, and as many more as the draft guesses rightly. <paramref name="next"/> receives the artifact's own greedy choices that follow, the same
    /// as <see cref="IBackendSession.Decode"/> and the largest logit give one by one: at least one, at most its length. All but the last of them are in the
    /// context afterwards; <see cref="IBackendSession.Logits"/> are not to be had until the next other call.
    /// </summary>
    int Speculate(int token, Span<int> next);

    /// <summary>Since the session was opened.</summary>
    DraftCounts Counts { get; }
}

/// <summary>Tokens that a draft model guessed, and how many of them were the artifact's own choice.</summary>
public readonly record struct DraftCounts(long Drafted, long Taken);
