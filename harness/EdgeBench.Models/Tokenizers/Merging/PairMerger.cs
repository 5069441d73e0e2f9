namespace EdgeBench.Models.Tokenizers.Merging;

/// <summary>Which neighbours may merge, and which go first.</summary>
internal interface IPairRule
{
    /// <summary>
    /// Whether two neighbouring symbols merge: <paramref name="order"/> is lower for those that merge earlier, <paramref name="merged"/> the new symbol.
    /// </summary>
    /// <param name="text">What the symbols' places mean.</param>
    bool TryMerge(Symbol left, Symbol right, ReadOnlySpan<char> text, out uint order, out int merged);
}

/// <summary>A symbol of a text: <paramref name="Id"/> is its number, or negative where none stands for it.</summary>
internal readonly record struct Symbol(int Id, int Start, int Length);

/// <summary>
/// Byte-pair merging with a queue: the earliest merge in the whole text first, the leftmost of equals, O(n log n). Sennrich et al. 2016,
/// https://arxiv.org/abs/1508.07909; the order of equals is llama.cpp's.
/// </summary>
internal static class PairMerger
{
    private readonly record struct Candidate(int Left, int Right, int Length, int Merged);

    /// <summary>Merges in place; what is left is the result, in order.</summary>
    public static void Merge<TRule>(List<Symbol> symbols, ReadOnlySpan<char> text, TRule rule)
        where TRule : IPairRule
    {
        int count = symbols.Count;
        if (count < 2) return;
        Symbol[] nodes = [.. symbols];
        int[] previous = new int[count], next = new int[count];
        PriorityQueue<Candidate, ulong> queue = new(count);
        for (int i = 0; i < count; i++)
        {
            previous[i] = i - 1;
            next[i] = i + 1 < count ? i + 1 : -1;
        }
        for (int i = 1; i < count; i++) Offer(i - 1, i, text);
        while (queue.TryDequeue(out Candidate pair, out _))
        {
            Symbol left = nodes[pair.Left], right = nodes[pair.Right];
            // One of them was merged since: a symbol only grows or goes.
            if (left.Length == 0 || right.Length == 0 || left.Length + right.Length != pair.Length) continue;
            nodes[pair.Left] = new Symbol(pair.Merged, left.Start, pair.Length);
            nodes[pair.Right] = right with { Length = 0 };
            next[pair.Left] = next[pair.Right];
            if (next[pair.Right] >= 0) previous[next[pair.Right]] = pair.Left;
            if (previous[pair.Left] >= 0) Offer(previous[pair.Left], pair.Left, text);
            if (next[pair.Left] >= 0) Offer(pair.Left, next[pair.Left], text);
        }
        symbols.Clear();
        for (int i = 0; i >= 0; i = next[i]) symbols.Add(nodes[i]);

        void Offer(int left, int right, ReadOnlySpan<char> whole)
        {
            int length = nodes[left].Length + nodes[right].Length;
            if (rule.TryMerge(nodes[left], nodes[right], whole, out uint order, out int merged))
                queue.Enqueue(new Candidate(left, right, length, merged), ((ulong)order << 32) | (uint)left);
        }
    }
}
