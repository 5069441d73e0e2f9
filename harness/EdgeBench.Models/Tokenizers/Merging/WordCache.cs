using System.Collections.Concurrent;

namespace EdgeBench.Models.Tokenizers.Merging;

/// <summary>Tokens of words seen before: most words of a text repeat. Bounded, thread-safe.</summary>
internal sealed class WordCache
{
    private const int MostWords = 1 << 16;
    private const int LongestWord = 48;

    private readonly ConcurrentDictionary<string, int[]> _words = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, int[]>.AlternateLookup<ReadOnlySpan<char>> _bySpan;
    private int _count;

    public WordCache() => _bySpan = _words.GetAlternateLookup<ReadOnlySpan<char>>();

    public bool TryAppend(ReadOnlySpan<char> word, List<int> tokens)
    {
        if (word.Length > LongestWord || !_bySpan.TryGetValue(word, out int[]? known)) return false;
        tokens.AddRange(known);
        return true;
    }

    public void Remember(ReadOnlySpan<char> word, ReadOnlySpan<int> tokens)
    {
        if (word.Length > LongestWord || Volatile.Read(ref _count) >= MostWords) return;
        if (_words.TryAdd(word.ToString(), tokens.ToArray())) Interlocked.Increment(ref _count);
    }
}
