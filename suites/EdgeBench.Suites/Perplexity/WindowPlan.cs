using EdgeBench.Core.Backends;
using EdgeBench.Core.Trials;
using EdgeBench.Core.Wire;

namespace EdgeBench.Suites.Perplexity;

/// <summary>
/// How a text becomes scored positions, by the rule of llama.cpp's perplexity tool (tools/perplexity, no stride): windows of
/// <see cref="Length"/> tokens that do not overlap, each in an empty context, BOS in place of a window's first token where the model adds one;
/// positions from <see cref="First"/> to the last but one predict their next token.
/// </summary>
/// <param name="Length">Tokens of a window.</param>
/// <param name="First">First scored position.</param>
/// <param name="Windows">Windows scored.</param>
/// <param name="Tokens">Tokens of the whole text.</param>
internal readonly record struct WindowPlan(int Length, int First, int Windows, int Tokens)
{
    public int ScoredPerWindow => Length - 1 - First;

    /// <summary>Tokens after the last scored window.</summary>
    public int LeftOver => Tokens - Windows * Length;

    /// <summary>Throws <see cref="TrialException"/> where the readings would not fit one trial's answer: better before hours of scoring than after.</summary>
    /// <param name="readings">Of one scored position.</param>
    public void CheckFits(int readings)
    {
        // One reading of the memory comes with each window at most, and a few at the ends.
        const int Others = 64;
        long most = (Protocol.MaxTrialReadings - Others) / ((long)ScoredPerWindow * readings + 1);
        if (Windows <= most) return;
        throw new TrialException(FailureKind.Unsupported,
            $"{Windows} windows with {ScoredPerWindow} scored positions and {readings} readings each exceed the {Protocol.MaxTrialReadings} readings that a trial can return",
            most > 0 ? $"Set 'chunks' to at most {most}." : "Set a shorter 'context'.");
    }

    /// <summary>Throws <see cref="TrialException"/> where the text has less than two windows, as the tool refuses it.</summary>
    public static WindowPlan Of(int tokens, int length, int chunks, ScoredPart score)
    {
        if (tokens < 2L * length)
        {
            throw new TrialException(FailureKind.Unsupported, $"The text has {tokens} tokens; windows of {length} need at least {2L * length}",
                "Give a longer text or a shorter 'context'.");
        }
        int whole = tokens / length;
        return new(length, score == ScoredPart.All ? 0 : length / 2, chunks == 0 ? whole : Math.Min(chunks, whole), tokens);
    }
}
