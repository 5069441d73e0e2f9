using EdgeBench.Core.Backends;
using EdgeBench.Core.Trials;

namespace EdgeBench.Suites.Tasks.Scoring;

/// <summary>Texts of items as tokens, all before the first is scored, so that an item which cannot be scored ends a trial at its start.</summary>
/// <param name="room">Tokens that the context may hold.</param>
internal sealed class ItemEncoder(IBackendSession session, int room, string file)
{
    private readonly TokenText _text = new(session);

    /// <summary>Throws <see cref="TrialException"/> for a continuation that no token is left for, or that alone is longer than the context.</summary>
    /// <param name="index">0-based place of the item in its file.</param>
    /// <param name="line">1-based line in its file.</param>
    public ScoredItem Of(int index, int line, string context, IReadOnlyList<string> continuations)
    {
        (int[] head, int[][] tails) = _text.Split(context, continuations);
        if (head.Length == 0) throw Refused(line, "its text has no token, and the model adds none", "Give a template with words in it.");
        for (int i = 0; i < tails.Length; i++)
        {
            if (tails[i].Length == 0) throw Refused(line, $"'{Short(continuations[i])}' adds no token to the text before it: the tokenizer joins the two", "Give a 'delimiter' that keeps them apart.");
            if (tails[i].Length > room) throw Refused(line, $"'{Short(continuations[i])}' has {tails[i].Length} tokens, and the context holds {room}", "Raise 'context' where the model allows it, or leave the item out.");
        }
        return new(index, head, tails);
    }

    private static string Short(string text) => text.Length <= 40 ? text : $"{text[..40]}…";

    private TrialException Refused(int line, string what, string remedy) => new(FailureKind.Unsupported, $"{file}:{line}: {what}", remedy);
}
