using EdgeBench.Engine.Inference.Caching;
using EdgeBench.Kernels.Transformer;

namespace EdgeBench.Engine.Inference.Forward;

/// <summary>Rows of a batch that are consecutive positions of one sequence.</summary>
internal readonly record struct BatchSpan(KvSequence Sequence, int FirstRow, int Count, int FirstPosition);

/// <summary>Queries of a span that one member attends at once.</summary>
internal readonly record struct AttentionItem(int Span, int First, int Count);

/// <summary>The tokens of one forward pass and how its attention is cut; filled again for each pass without allocation.</summary>
internal sealed class Batch(int mostRows, int queriesOfItem)
{
    // Rows of a span up to which each is attended as a decoded token is: vectors over queries would be nearly empty, and checking a draft then gives the very bits
    // that decoding gives.
    private const int ShortSpan = 8;

    private readonly BatchSpan[] _spans = new BatchSpan[mostRows];
    private readonly AttentionItem[] _items = new AttentionItem[mostRows], _stores = new AttentionItem[mostRows];

    public int[] Tokens { get; } = new int[mostRows];

    public int Rows { get; private set; }

    public int SpanCount { get; private set; }

    public ReadOnlySpan<BatchSpan> Spans => _spans.AsSpan(0, SpanCount);

    /// <summary>Pieces of attention, each for every key/value head.</summary>
    public ReadOnlySpan<AttentionItem> Items => _items.AsSpan(0, ItemCount);

    /// <summary>Pieces within one block of positions, so that no two members write to one block.</summary>
    public ReadOnlySpan<AttentionItem> Stores => _stores.AsSpan(0, StoreCount);

    private int ItemCount { get; set; }

    private int StoreCount { get; set; }

    public void Clear() => Rows = SpanCount = ItemCount = StoreCount = 0;

    /// <summary>Adds the next tokens of a sequence.</summary>
    public void Add(KvSequence sequence, ReadOnlySpan<int> tokens)
    {
        tokens.CopyTo(Tokens.AsSpan(Rows));
        int span = SpanCount, position = sequence.Length;
        _spans[SpanCount++] = new(sequence, Rows, tokens.Length, position);
        // The last queries see most keys: they come first, so that members end together.
        for (int end = tokens.Length; end > 0;)
        {
            int together = tokens.Length <= ShortSpan ? 1 : queriesOfItem, first = (end - 1) / together * together;
            _items[ItemCount++] = new(span, first, end - first);
            end = first;
        }
        for (int first = 0; first < tokens.Length;)
        {
            int end = Math.Min(tokens.Length, first + KvLayout.Positions - ((position + first) % KvLayout.Positions));
            _stores[StoreCount++] = new(span, first, end - first);
            first = end;
        }
        Rows += tokens.Length;
    }
}
