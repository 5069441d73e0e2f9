namespace EdgeBench.Models.Tokenizers.Training;

/// <summary>How often symbols stand side by side, and the most frequent pair of all: the largest count first, of equals the smallest left id, then right id.</summary>
internal sealed class PairCounts
{
    private sealed class Entry
    {
        public long Count;

        /// <summary>Words that held the pair at some time, in order of finding; a word may stand here more than once.</summary>
        public readonly List<int> Words = [];
    }

    private readonly record struct Rank(long Count, ulong Pair) : IComparable<Rank>
    {
        public int CompareTo(Rank other) => Count != other.Count ? other.Count.CompareTo(Count) : Pair.CompareTo(other.Pair);
    }

    private readonly Dictionary<ulong, Entry> _pairs = [];
    private readonly PriorityQueue<ulong, Rank> _queue = new();
    private readonly HashSet<ulong> _grown = [];

    /// <summary>A pair as one number that orders by its left id, then its right one.</summary>
    public static ulong Pair(int left, int right) => ((ulong)(uint)left << 32) | (uint)right;

    public void Add(int left, int right, long change, int word)
    {
        ulong pair = Pair(left, right);
        if (!_pairs.TryGetValue(pair, out Entry? entry)) _pairs[pair] = entry = new Entry();
        entry.Count += change;
        if (change < 0) return;
        if (entry.Words.Count == 0 || entry.Words[^1] != word) entry.Words.Add(word);
        _grown.Add(pair);
    }

    /// <summary>
    /// Takes the most frequent pair out, with the words to look for it in, or says no where none occurs <paramref name="least"/> times. A count in
    /// the queue may be too large, since pairs lose occurrences to merges: such a pair goes back with what it has.
    /// </summary>
    public bool TryTake(long least, out int left, out int right, out IReadOnlyList<int> words)
    {
        foreach (ulong pair in _grown) _queue.Enqueue(pair, new Rank(_pairs[pair].Count, pair));
        _grown.Clear();
        (left, right, words) = (0, 0, []);
        while (_queue.TryDequeue(out ulong pair, out Rank rank))
        {
            if (!_pairs.TryGetValue(pair, out Entry? entry)) continue;
            if (entry.Count != rank.Count)
            {
                if (entry.Count >= least && entry.Count < rank.Count) _queue.Enqueue(pair, new Rank(entry.Count, pair));
                continue;
            }
            if (entry.Count < least) return false;
            _pairs.Remove(pair);
            (left, right, words) = ((int)(pair >> 32), (int)(uint)pair, entry.Words);
            return true;
        }
        return false;
    }
}
