using System.Numerics.Tensors;
using EdgeBench.Engine.Inference.Adapters;
using EdgeBench.Engine.Inference.Caching;
using EdgeBench.Engine.Inference.Loading;
using EdgeBench.Engine.Inference.Threads;
using EdgeBench.Kernels.Packed;
using EdgeBench.Kernels.Transformer;

namespace EdgeBench.Engine.Inference.Forward;

/// <summary>
/// One token of one sequence. What is small (norms, quantising, rotary embedding of queries, joining chunks) every member does for itself instead of waiting
/// for another, so that a layer has five barriers. Members share rows out until all are done and take equal shares of attention chunks; no sum depends on who computes it.
/// </summary>
internal sealed unsafe class DecodePass(PackedDecoder model, Workspace space, Batch batch, NonFiniteWatch watch, AdapterParts adapters) : ForwardPass(model, space, batch, watch, adapters)
{
    public override void Run(Crew crew, int member)
    {
        MemberSpace own = Space.Members[member];
        BatchSpan span = Batch.Spans[0];
        Begin(member);
        if (member == 0) Start(0, span.FirstPosition);
        End(Phase.Start, crew, member);
        for (int layer = 0; layer < Architecture.Layers; layer++)
        {
            DecoderLayer weights = Model.Layers[layer];
            if (!Kernels.RmsNorm(Space.Hidden, weights.AttentionNorm.Floats, Architecture.Width, Epsilon, own.Row)) Watch.AtInput(layer);
            own.Normed.Set(own.Row, 0, 0, 1);
            Project(own.Row, own.Projected, weights.Query, weights.Key, weights.Value);
            Inputs(weights, own, crew, member);
            End(Phase.Inputs, crew, member);
            Attend(weights, span.Sequence, span.FirstPosition, layer, own, crew, member);
            End(Phase.Attention, crew, member);
            Join(span.Sequence, span.FirstPosition, layer, own);
            Project(own.Attended, own.Projected, weights.Output);
            Residual(weights.Output, own.AttendedRow, own, weights.AttentionPostNorm, AfterAttention(layer), Phase.Output, crew, member);
            if (!Kernels.RmsNorm(Space.Hidden, weights.FeedForwardNorm.Floats, Architecture.Width, Epsilon, own.Row)) Watch.AtFeedForward(layer);
            own.Normed.Set(own.Row, 0, 0, 1);
            Project(own.Row, own.Projected, weights.Gate, weights.Up);
            Gated(weights, own, crew, member);
            End(Phase.GateUp, crew, member);
            own.GateRow.Set(Space.Gate, 0, 0, 1);
            Project(Space.Gate, own.Projected, weights.Down);
            Residual(weights.Down, own.GateRow, own, weights.FeedForwardPostNorm, AfterFeedForward(layer), Phase.Down, crew, member);
        }
        if (!Kernels.RmsNorm(Space.Hidden, Model.FinalNorm.Floats, Architecture.Width, Epsilon, own.Row)) Watch.AtInput(Architecture.Layers);
        own.HeadRow.Set(own.Row, 0, 0, 1);
        while (crew.TryTake(member, Model.Head.Groups, out int first, out int end)) Head(own.HeadRow, 1, first, end);
        if (member == 0) Times?.End(Phase.Head);
    }

    private static (int First, int End) Share(int total, Crew crew, int member) =>
        ((int)((long)total * member / crew.Count), (int)((long)total * (member + 1) / crew.Count));

    private void Inputs(DecoderLayer weights, MemberSpace own, Crew crew, int member)
    {
        int groups = weights.Query.Groups + weights.Key.Groups + weights.Value.Groups;
        while (crew.TryTake(member, groups, out int first, out int end))
        {
            int at = Part(weights.Query, own.Normed, own.Projected, 1, Space.Qkv, 0, 0, first, end);
            at = Part(weights.Key, own.Normed, own.Projected, 1, Space.Qkv + Space.QueryWidth, 0, at, first, end);
            Part(weights.Value, own.Normed, own.Projected, 1, Space.Qkv + Space.QueryWidth + Space.KeyWidth, 0, at, first, end);
        }
    }

    private void Attend(DecoderLayer weights, KvSequence sequence, int position, int layer, MemberSpace own, Crew crew, int member)
    {
        int heads = Architecture.KvHeads, headDim = Architecture.HeadDim;
        (int firstChunk, int chunks) = Chunks(sequence.Head(layer, 0), position);
        (int first, int end) = Share(heads * chunks, crew, member);
        if (first == end) return;
        float* queries = own.Row, key = own.Row + Space.QueryWidth;
        // Of other heads nothing is read: another member's rows come from its cache line by line.
        int start = first / chunks * Group * headDim, width = (((end - 1) / chunks) + 1) * Group * headDim - start;
        Buffer.MemoryCopy(Space.Qkv + start, queries + start, 4L * width, 4L * width);
        Place(queries + start, width / headDim, weights.QueryNorm, layer, 0);
        TensorPrimitives.Multiply(new ReadOnlySpan<float>(queries + start, width), (float)Architecture.AttentionScale, new Span<float>(queries + start, width));
        for (int item = first; item < end; item++)
        {
            int kvHead = item / chunks, chunk = item % chunks;
            AttentionHead head = sequence.Head(layer, kvHead);
            // The chunk that holds this position is the only one that reads what is written here.
            if (chunk == chunks - 1)
            {
                Buffer.MemoryCopy(Space.Qkv + Space.QueryWidth + (kvHead * headDim), key, 4L * headDim, 4L * headDim);
                Place(key, 1, weights.KeyNorm, layer, 0);
                if (!Kernels.Store(head, position, key, Space.Qkv + Space.QueryWidth + Space.KeyWidth + (kvHead * headDim))) Watch.AtStore(layer);
            }
            Kernels.AttendChunk(head, queries + (kvHead * Group * headDim), position, firstChunk + chunk, Space.Partials + (((nint)kvHead * Space.Chunks) + chunk) * Space.PartialStride, own.Scratch);
        }
    }

    private void Join(KvSequence sequence, int position, int layer, MemberSpace own)
    {
        int chunks = Chunks(sequence.Head(layer, 0), position).Count;
        for (int kvHead = 0; kvHead < Architecture.KvHeads; kvHead++)
        {
            Kernels.JoinChunks(Space.Layout, Group, Space.Partials + ((nint)kvHead * Space.Chunks * Space.PartialStride), Space.PartialStride, chunks,
                own.Attended + (kvHead * Group * Architecture.HeadDim));
        }
        own.AttendedRow.Set(own.Attended, 0, 0, 1);
    }

    private static (int First, int Count) Chunks(in AttentionHead head, int position)
    {
        int first = head.FirstSeen(position) / TransformerKernels.ChunkPositions;
        return (first, (position / TransformerKernels.ChunkPositions) + 1 - first);
    }

    // Members gate what they computed, so that nobody waits in between.
    private void Gated(DecoderLayer weights, MemberSpace own, Crew crew, int member)
    {
        while (crew.TryTake(member, weights.Gate.Groups, out int first, out int end))
        {
            Multiply(weights.Gate, own.Normed, own.Projected, 1, Space.Gate, 0, first, end);
            Multiply(weights.Up, own.Normed, own.Projected, 1, Space.Up, 0, first, end);
            int start = first * PackedMatrix.GroupRows, length = Math.Min(end * PackedMatrix.GroupRows, Architecture.Ffn) - start;
            Activate(Space.Gate + start, Space.Up + start, length);
        }
    }

    private void Residual(Linear linear, PackedRows x, MemberSpace own, Memory.NativeBlock? postNorm, Bottleneck? bottleneck, Phase phase, Crew crew, int member)
    {
        bool isDirect = postNorm is null && bottleneck is null;
        float* y = isDirect ? Space.Hidden : Space.Back;
        while (crew.TryTake(member, linear.Groups, out int first, out int end)) Multiply(linear, x, own.Projected, 1, y, 0, first, end, accumulate: isDirect);
        if (isDirect)
        {
            End(phase, crew, member);
            return;
        }
        crew.Barrier();
        if (bottleneck is not null) Adapt(bottleneck, isLast: postNorm is null, own, crew, member);
        if (postNorm is not null && member == 0)
        {
            Kernels.RmsNorm(Space.Back, postNorm.Floats, Architecture.Width, Epsilon, Space.Back);
            Kernels.Add(Space.Back, Space.Hidden, Architecture.Width);
        }
        End(phase, crew, member);
    }

    // Each member computes the narrow part for itself, and the members share the wide rows out: into the residual stream, or back where a norm follows.
    private void Adapt(Bottleneck bottleneck, bool isLast, MemberSpace own, Crew crew, int member)
    {
        bottleneck.Down(Space.Back, Architecture.Width, own.Inner);
        if (!isLast) crew.Barrier();
        (int first, int end) = Share(Architecture.Width, crew, member);
        for (int i = first; i < end; i++)
        {
            float value = Space.Back[i] + bottleneck.Up(i, own.Inner);
            if (isLast) Space.Hidden[i] += value;
            else Space.Back[i] = value;
        }
        if (!isLast) crew.Barrier();
    }
}
