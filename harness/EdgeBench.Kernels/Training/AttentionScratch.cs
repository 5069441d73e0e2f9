using EdgeBench.Kernels.Dense;

namespace EdgeBench.Kernels.Training;

/// <summary>Working memory of attention: keys and values packed for both directions, one block of queries, and its scores.</summary>
internal readonly unsafe struct AttentionScratch<TTile>
    where TTile : struct, ITile
{
    /// <summary>Queries of a block: whole tiles of every height.</summary>
    public const int Block = 48;

    private readonly float* _start;
    private readonly int _byKey, _byHead, _blockByHead, _rows;

    public AttentionScratch(float* start, int keys, int headDim)
    {
        _start = start;
        // Readable in whole tiles either way; an odd number of lines, so that rows do not share their places in a cache.
        Stride = (((keys + 95) / 96 * 96 / 16) | 1) * 16;
        _byKey = TiledRows<TTile>.PackedLength(keys, headDim);
        _byHead = TiledRows<TTile>.PackedLength(headDim, keys);
        _blockByHead = TiledRows<TTile>.PackedLength(headDim, Block);
        _rows = Block * headDim;
    }

    public static int Length(int keys, int headDim)
    {
        AttentionScratch<TTile> scratch = new(null, keys, headDim);
        return (2 * (scratch._byKey + scratch._byHead + scratch._blockByHead + scratch._rows + (Block * scratch.Stride))) + TTile.Rows;
    }

    /// <summary>Floats between rows of scores.</summary>
    public int Stride { get; }

    /// <summary>Keys as columns of scores, and values as columns of the slopes of probabilities.</summary>
    public float* KeysByKey => _start;

    public float* ValuesByKey => KeysByKey + _byKey;

    /// <summary>Values, and keys, as columns of results.</summary>
    public float* ValuesByHead => ValuesByKey + _byKey;

    public float* KeysByHead => ValuesByHead + _byHead;

    /// <summary>The block's queries and output gradients: in rows, and packed as columns of the gradients of keys and values.</summary>
    public float* Queries => KeysByHead + _byHead;

    public float* Slopes => Queries + _rows;

    public float* QueriesByHead => Slopes + _rows;

    public float* SlopesByHead => QueriesByHead + _blockByHead;

    public float* Scores => SlopesByHead + _blockByHead;

    public float* ScoreSlopes => Scores + (Block * Stride);
}
