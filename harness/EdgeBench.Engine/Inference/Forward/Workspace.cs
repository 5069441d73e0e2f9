using EdgeBench.Engine.Inference.Loading;
using EdgeBench.Engine.Inference.Memory;
using EdgeBench.Kernels.Packed;
using EdgeBench.Kernels.Transformer;
using EdgeBench.Models.Architectures;

namespace EdgeBench.Engine.Inference.Forward;

/// <summary>All memory of forward passes besides weights and keys and values, allocated once. Matrices are row-major with a row for each token.</summary>
internal sealed unsafe class Workspace : IDisposable
{
    /// <summary>Most rows of logits at once: bounds memory where vocabularies are large.</summary>
    public const int MostLogitRows = 64;

    private readonly List<IDisposable> _owned = [];

    public Workspace(PackedDecoder model, RunOptions options, KvLayout layout, TransformerKernels kernels, int members, int projected, int inner)
    {
        ModelArchitecture a = model.Architecture;
        (Layout, Kernels, LogitRows) = (layout, kernels, RowsOfLogits(options));
        (QueryWidth, KeyWidth) = (a.Heads * a.HeadDim, a.KvHeads * a.HeadDim);
        Pairs = a.RopeDimensions / 2;
        int rows = options.Ubatch;
        Hidden = Floats((long)rows * a.Width);
        Qkv = Floats((long)rows * QkvStride);
        Attended = Floats((long)rows * QueryWidth);
        Gate = Floats((long)rows * a.Ffn);
        Up = Floats((long)rows * a.Ffn);
        Back = Floats((long)rows * a.Width);
        Angles = Floats((long)rows * 4 * Pairs);
        ProjectedStride = projected;
        Projected = Floats((long)rows * projected);
        Logits = Floats((long)LogitRows * a.Vocabulary);
        Chunks = (options.Positions + TransformerKernels.ChunkPositions - 1) / TransformerKernels.ChunkPositions;
        PartialStride = TransformerKernels.PartialLength(layout, a.Heads / a.KvHeads);
        Partials = Floats((long)a.KvHeads * Chunks * PartialStride);

        PackedMatrix[] wide = [.. model.Layers.SelectMany(layer => new[] { layer.Query, layer.Key, layer.Value, layer.Gate, layer.Up }).Select(linear => linear.Weights)];
        PackedMatrix[] output = [.. model.Layers.Select(layer => layer.Output.Weights)], down = [.. model.Layers.Select(layer => layer.Down.Weights)];
        (Normed, AttendedRows, GateRows) = (Rows(rows, wide), Rows(rows, output), Rows(rows, down));
        HeadRows = Rows(LogitRows, [model.Head.Weights]);
        int query = a.Heads / a.KvHeads, queries = QueriesOfItem(query);
        int scratch = Math.Max(kernels.AttendScratch(layout, query, queries), kernels.ChunkScratch(layout, query) + (Chunks * PartialStride));
        Members = [.. Enumerable.Range(0, members).Select(_ => new MemberSpace(
            Floats(Math.Max(a.Width, QkvStride)), Floats(QueryWidth), Floats(scratch), Floats(projected), Floats(inner), Rows(1, wide), Rows(1, output), Rows(1, down), Rows(1, [model.Head.Weights])))];
    }

    public KvLayout Layout { get; }

    public TransformerKernels Kernels { get; }

    public int QueryWidth { get; }

    public int KeyWidth { get; }

    /// <summary>Floats of a row of queries, keys and values.</summary>
    public int QkvStride => QueryWidth + (2 * KeyWidth);

    /// <summary>Pairs of a head that turn.</summary>
    public int Pairs { get; }

    public int LogitRows { get; }

    /// <summary>Chunks of the whole context.</summary>
    public int Chunks { get; }

    /// <summary>Floats of one chunk's partial result.</summary>
    public int PartialStride { get; }

    public float* Hidden { get; }

    public float* Qkv { get; }

    public float* Attended { get; }

    public float* Gate { get; }

    public float* Up { get; }

    public float* Back { get; }

    /// <summary>Of each row: cosines and sines, then those of layers with a sliding window.</summary>
    public float* Angles { get; }

    public float* Logits { get; }

    /// <summary>Of each row: products A x of adapters.</summary>
    public float* Projected { get; }

    /// <summary>Floats of a row of <see cref="Projected"/>.</summary>
    public int ProjectedStride { get; }

    /// <summary>[key/value head][chunk].</summary>
    public float* Partials { get; }

    public PackedRows Normed { get; }

    public PackedRows AttendedRows { get; }

    public PackedRows GateRows { get; }

    public PackedRows HeadRows { get; }

    public MemberSpace[] Members { get; }

    /// <summary>Queries of one piece of batched attention: about 192 pairs of query and head, which share what a block of keys costs to expand.</summary>
    public static int QueriesOfItem(int headsOfGroup) => Math.Max(1, 192 / headsOfGroup);

    /// <summary>About what an instance will allocate.</summary>
    public static long BytesOf(ModelArchitecture a, RunOptions options)
    {
        // Floats, and levels in two bytes an element or floats again.
        long row = ((long)a.Width * 2) + ((2L * a.Heads) + (2L * a.KvHeads)) * a.HeadDim + (2L * a.Ffn) + (2L * a.RopeDimensions);
        long packed = a.Width + ((long)a.Heads * a.HeadDim) + a.Ffn;
        return sizeof(float) * ((options.Ubatch * (row + packed)) + ((long)RowsOfLogits(options) * a.Vocabulary));
    }

    public void Dispose()
    {
        foreach (IDisposable owned in _owned) owned.Dispose();
    }

    private static int RowsOfLogits(RunOptions options) => Math.Max(options.Sequences, Math.Clamp(options.LogitRows, 1, MostLogitRows));

    private float* Floats(long count)
    {
        NativeBlock block = NativeBlock.OfFloats(count);
        _owned.Add(block);
        return block.Floats;
    }

    private PackedRows Rows(int rows, PackedMatrix[] matrices)
    {
        PackedRows packed = PackedRows.For(rows, matrices);
        _owned.Add(packed);
        return packed;
    }
}

/// <summary>What one member of the crew needs for itself.</summary>
internal sealed unsafe class MemberSpace(float* row, float* attended, float* scratch, float* projected, float* inner, PackedRows normed, PackedRows attendedRow, PackedRows gateRow, PackedRows headRow)
{
    /// <summary>A row of the residual stream, or of queries, keys and values.</summary>
    public float* Row => row;

    public float* Attended => attended;

    public float* Scratch => scratch;

    /// <summary>Products A x of adapters.</summary>
    public float* Projected => projected;

    /// <summary>The narrow part of a bottleneck adapter.</summary>
    public float* Inner => inner;

    public PackedRows Normed => normed;

    public PackedRows AttendedRow => attendedRow;

    public PackedRows GateRow => gateRow;

    public PackedRows HeadRow => headRow;
}
