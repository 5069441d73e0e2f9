namespace EdgeBench.Suites.Tasks.Scoring;

/// <summary>A context in tokens with its possible continuations, none of them empty.</summary>
/// <param name="Index">0-based place of the item in its file.</param>
internal sealed record ScoredItem(int Index, int[] Context, int[][] Continuations)
{
    /// <summary>Tokens that its longest continuation pushes out of a context that holds <paramref name="room"/>; the last token is predicted and never read.</summary>
    public int Cut(int room) => Math.Max(0, Context.Length + Continuations.Max(tokens => tokens.Length) - 1 - room);
}
