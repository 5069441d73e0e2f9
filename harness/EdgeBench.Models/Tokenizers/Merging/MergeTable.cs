namespace EdgeBench.Models.Tokenizers.Merging;

/// <summary>Ranked merges of byte-pair encoding over numbered symbols: tokens keep their id, other texts that merges name get higher numbers.</summary>
internal sealed class MergeTable : IPairRule
{
    private readonly Dictionary<string, int> _symbols;
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _bySpan;
    private readonly Dictionary<ulong, (uint Rank, int Merged)> _merges;

    /// <param name="merges">Pairs by rank.</param>
    /// <param name="lastWins">Of a pair that is listed twice, whether the later rank counts.</param>
    public MergeTable(TokenVocabulary vocabulary, IReadOnlyList<(string Left, string Right)> merges, bool lastWins)
    {
        Vocabulary = vocabulary;
        _symbols = new Dictionary<string, int>(vocabulary.Ids);
        _bySpan = _symbols.GetAlternateLookup<ReadOnlySpan<char>>();
        _merges = new Dictionary<ulong, (uint, int)>(merges.Count);
        for (int rank = 0; rank < merges.Count; rank++)
        {
            (string left, string right) = merges[rank];
            ulong key = Key(Number(left), Number(right));
            (uint, int) merge = ((uint)rank, Number(left + right));
            if (lastWins) _merges[key] = merge;
            else _merges.TryAdd(key, merge);
        }
    }

    public TokenVocabulary Vocabulary { get; }

    /// <summary>Number of a text, or -1.</summary>
    public int Symbol(ReadOnlySpan<char> text) => _bySpan.TryGetValue(text, out int symbol) ? symbol : -1;

    /// <summary>Whether a symbol is a token.</summary>
    public bool IsToken(int symbol) => symbol >= 0 && symbol < Vocabulary.Count;

    public bool TryMerge(Symbol left, Symbol right, ReadOnlySpan<char> text, out uint order, out int merged)
    {
        if (left.Id < 0 || right.Id < 0 || !_merges.TryGetValue(Key(left.Id, right.Id), out (uint Rank, int Merged) merge))
        {
            (order, merged) = (0, -1);
            return false;
        }
        (order, merged) = merge;
        return true;
    }

    private int Number(string text)
    {
        if (_symbols.TryGetValue(text, out int known)) return known;
        // Numbers from the vocabulary's size on belong to no token.
        int number = Vocabulary.Count + _symbols.Count - Vocabulary.Ids.Count;
        _symbols.Add(text, number);
        return number;
    }

    private static ulong Key(int left, int right) => ((ulong)(uint)left << 32) | (uint)right;
}
