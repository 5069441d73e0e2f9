using EdgeBench.Engine.Inference.Adapters;
using EdgeBench.Engine.Inference.Loading;
using EdgeBench.Engine.Inference.Memory;
using EdgeBench.Engine.Inference.Threads;
using EdgeBench.Kernels.Packed;
using EdgeBench.Kernels.Transformer;

namespace EdgeBench.Engine.Inference.Forward;

/// <summary>Several tokens, of one sequence or of several. Members take pieces of each phase as they come; no sum depends on who takes which.</summary>
internal sealed unsafe class BatchPass(PackedDecoder model, Workspace space, Batch batch, NonFiniteWatch watch, AdapterParts adapters) : ForwardPass(model, space, batch, watch, adapters)
{
    // Rows that a member takes at once, and pieces of a product for each member.
    private const int RowsOfPiece = 8, PiecesOfMember = 8;

    public override void Run(Crew crew, int member)
    {
        MemberSpace own = Space.Members[member];
        Begin(member);
        for (int i; (i = crew.Next()) < Batch.SpanCount;)
        {
            BatchSpan span = Batch.Spans[i];
            for (int row = 0; row < span.Count; row++) Start(span.FirstRow + row, span.FirstPosition + row);
        }
        End(Phase.Start, crew, member);
        for (int layer = 0; layer < Architecture.Layers; layer++)
        {
            DecoderLayer weights = Model.Layers[layer];
            Normalise(weights, weights.AttentionNorm, layer, isFeedForward: false, own, crew);
            End(Phase.Norm, crew, member);
            Inputs(weights, crew);
            End(Phase.Inputs, crew, member);
            for (int i; (i = crew.Next()) < Batch.Stores.Length;) Store(weights, layer, Batch.Stores[i]);
            End(Phase.Store, crew, member);
            for (int i, all = Batch.Items.Length * Architecture.KvHeads; (i = crew.Next()) < all;) Attend(layer, Batch.Items[i / Architecture.KvHeads], i % Architecture.KvHeads, own);
            End(Phase.Attention, crew, member);
            for (int row; (row = crew.Next() * RowsOfPiece) < Batch.Rows;) Attended(weights, row, Math.Min(row + RowsOfPiece, Batch.Rows));
            End(Phase.Attended, crew, member);
            Residual(weights.Output, Space.AttendedRows, weights.AttentionPostNorm, AfterAttention(layer), own, crew);
            End(Phase.Output, crew, member);
            Normalise(weights, weights.FeedForwardNorm, layer, isFeedForward: true, own, crew);
            End(Phase.Norm, crew, member);
            Gated(weights, crew);
            End(Phase.GateUp, crew, member);
            for (int row; (row = crew.Next() * RowsOfPiece) < Batch.Rows;) Gate(weights, row, Math.Min(row + RowsOfPiece, Batch.Rows));
            End(Phase.Gate, crew, member);
            Residual(weights.Down, Space.GateRows, weights.FeedForwardPostNorm, AfterFeedForward(layer), own, crew);
            End(Phase.Down, crew, member);
        }
    }

    private float* Projected(int row) => Space.Projected + ((nint)row * Space.ProjectedStride);

    private static int Piece(int groups, Crew crew) => Math.Max(1, groups / (crew.Count * PiecesOfMember));

    private void Normalise(DecoderLayer weights, NativeBlock norm, int layer, bool isFeedForward, MemberSpace own, Crew crew)
    {
        int width = Architecture.Width;
        for (int start; (start = crew.Next() * RowsOfPiece) < Batch.Rows;)
        {
            for (int row = start; row < Math.Min(start + RowsOfPiece, Batch.Rows); row++)
            {
                if (!Kernels.RmsNorm(Space.Hidden + ((nint)row * width), norm.Floats, width, Epsilon, own.Row))
                {
                    if (isFeedForward) Watch.AtFeedForward(layer);
                    else Watch.AtInput(layer);
                }
                Space.Normed.Set(own.Row, 0, row, row + 1);
                if (isFeedForward) Project(own.Row, Projected(row), weights.Gate, weights.Up);
                else Project(own.Row, Projected(row), weights.Query, weights.Key, weights.Value);
            }
        }
    }

    private void Inputs(DecoderLayer weights, Crew crew)
    {
        int all = weights.Query.Groups + weights.Key.Groups + weights.Value.Groups, piece = Piece(all, crew);
        for (int first; (first = crew.Next() * piece) < all;)
        {
            int at = Part(weights.Query, Space.Normed, Space.Projected, Batch.Rows, Space.Qkv, Space.QkvStride, 0, first, first + piece);
            at = Part(weights.Key, Space.Normed, Space.Projected, Batch.Rows, Space.Qkv + Space.QueryWidth, Space.QkvStride, at, first, first + piece);
            Part(weights.Value, Space.Normed, Space.Projected, Batch.Rows, Space.Qkv + Space.QueryWidth + Space.KeyWidth, Space.QkvStride, at, first, first + piece);
        }
    }

    private void Store(DecoderLayer weights, int layer, AttentionItem item)
    {
        BatchSpan span = Batch.Spans[item.Span];
        for (int i = item.First; i < item.First + item.Count; i++)
        {
            int row = span.FirstRow + i;
            float* queries = Space.Qkv + ((nint)row * Space.QkvStride), keys = queries + Space.QueryWidth, values = keys + Space.KeyWidth;
            Place(queries, Architecture.Heads, weights.QueryNorm, layer, row);
            Place(keys, Architecture.KvHeads, weights.KeyNorm, layer, row);
            for (int head = 0; head < Architecture.KvHeads; head++)
            {
                if (!Kernels.Store(span.Sequence.Head(layer, head), span.FirstPosition + i, keys + (head * Architecture.HeadDim), values + (head * Architecture.HeadDim)))
                    Watch.AtStore(layer);
            }
        }
    }

    private void Attend(int layer, AttentionItem item, int kvHead, MemberSpace own)
    {
        BatchSpan span = Batch.Spans[item.Span];
        AttentionHead head = span.Sequence.Head(layer, kvHead);
        int offset = kvHead * Group * Architecture.HeadDim, position = span.FirstPosition + item.First;
        nint row = span.FirstRow + item.First;
        float* queries = Space.Qkv + (row * Space.QkvStride) + offset, output = Space.Attended + (row * Space.QueryWidth) + offset;
        if (item.Count > 1) Kernels.Attend(head, queries, Space.QkvStride, item.Count, position, output, Space.QueryWidth, own.Scratch);
        else AttendOne(head, queries, position, output, own);
    }

    // As a decoded token: vectors over queries would be nearly empty.
    private void AttendOne(in AttentionHead head, float* queries, int position, float* output, MemberSpace own)
    {
        int width = Group * Architecture.HeadDim, firstChunk = head.FirstSeen(position) / TransformerKernels.ChunkPositions, chunks = (position / TransformerKernels.ChunkPositions) + 1 - firstChunk;
        float* partials = own.Scratch, scratch = own.Scratch + ((nint)Space.Chunks * Space.PartialStride);
        for (int i = 0; i < width; i++) own.Row[i] = queries[i] * head.Scale;
        for (int chunk = 0; chunk < chunks; chunk++) Kernels.AttendChunk(head, own.Row, position, firstChunk + chunk, partials + ((nint)chunk * Space.PartialStride), scratch);
        Kernels.JoinChunks(Space.Layout, Group, partials, Space.PartialStride, chunks, output);
    }

    private void Attended(DecoderLayer weights, int firstRow, int endRow)
    {
        Space.AttendedRows.Set(Space.Attended, Space.QueryWidth, firstRow, endRow);
        for (int row = firstRow; row < endRow; row++) Project(Space.Attended + ((nint)row * Space.QueryWidth), Projected(row), weights.Output);
    }

    private void Gated(DecoderLayer weights, Crew crew)
    {
        int ffn = Architecture.Ffn, piece = Piece(weights.Gate.Groups, crew);
        for (int first; (first = crew.Next() * piece) < weights.Gate.Groups;)
        {
            int end = Math.Min(first + piece, weights.Gate.Groups);
            Multiply(weights.Gate, Space.Normed, Space.Projected, Batch.Rows, Space.Gate, ffn, first, end);
            Multiply(weights.Up, Space.Normed, Space.Projected, Batch.Rows, Space.Up, ffn, first, end);
        }
    }

    private void Gate(DecoderLayer weights, int firstRow, int endRow)
    {
        int ffn = Architecture.Ffn;
        for (int row = firstRow; row < endRow; row++)
        {
            Activate(Space.Gate + ((nint)row * ffn), Space.Up + ((nint)row * ffn), ffn);
            Project(Space.Gate + ((nint)row * ffn), Projected(row), weights.Down);
        }
        Space.GateRows.Set(Space.Gate, ffn, firstRow, endRow);
    }

    private void Residual(Linear linear, PackedRows x, NativeBlock? postNorm, Bottleneck? bottleneck, MemberSpace own, Crew crew)
    {
        bool isDirect = postNorm is null && bottleneck is null;
        int width = Architecture.Width, piece = Piece(linear.Groups, crew);
        for (int first; (first = crew.Next() * piece) < linear.Groups;)
            Multiply(linear, x, Space.Projected, Batch.Rows, isDirect ? Space.Hidden : Space.Back, width, first, Math.Min(first + piece, linear.Groups), accumulate: isDirect);
        if (isDirect) return;
        crew.Barrier();
        for (int start; (start = crew.Next() * RowsOfPiece) < Batch.Rows;)
        {
            for (int row = start; row < Math.Min(start + RowsOfPiece, Batch.Rows); row++)
            {
                float* back = Space.Back + ((nint)row * width);
                if (bottleneck is not null) Adapt(bottleneck, back, own);
                if (postNorm is not null) Kernels.RmsNorm(back, postNorm.Floats, width, Epsilon, back);
                Kernels.Add(back, Space.Hidden + ((nint)row * width), width);
            }
        }
    }

    private void Adapt(Bottleneck bottleneck, float* row, MemberSpace own)
    {
        bottleneck.Down(row, Architecture.Width, own.Inner);
        for (int i = 0; i < Architecture.Width; i++) row[i] += bottleneck.Up(i, own.Inner);
    }
}
