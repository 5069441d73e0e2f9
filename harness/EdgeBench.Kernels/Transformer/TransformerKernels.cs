using EdgeBench.Kernels.Transformer.Lanes;

namespace EdgeBench.Kernels.Transformer;

/// <summary>
/// What a transformer computes besides matrix products, on unmanaged memory and without allocation: norms, rotary embedding, gated activations, the
/// key/value store and attention. All calls may run at once on memory that does not overlap.
/// </summary>
public abstract unsafe class TransformerKernels
{
    /// <summary>Positions of a chunk of <see cref="AttendChunk"/>.</summary>
    public const int ChunkPositions = 128;

    /// <summary>All implementations, fastest first.</summary>
    public static IReadOnlyList<TransformerKernels> All { get; } = [new Of<Floats512>(), new Of<Floats256>(), new Of<Floats128>(), new Of<Floats1>()];

    /// <summary>
    /// The fastest that runs here and is no wider than a kernel set of products says by its name (<c>avx512…</c>, <c>avx2…</c>, <c>scalar</c>): an override then
    /// holds for all kernels.
    /// </summary>
    public static TransformerKernels For(string kernelSet)
    {
        ArgumentNullException.ThrowIfNull(kernelSet);
        string name = kernelSet.ToLowerInvariant();
        int widest = name.StartsWith("avx512", StringComparison.Ordinal) ? 0 : name.StartsWith("avx", StringComparison.Ordinal) ? 1 : name == "scalar" ? 3 : 2;
        return All.Skip(widest).First(kernels => kernels.IsSupported);
    }

    /// <summary>Vector width, or <c>scalar</c>, which is the specification.</summary>
    public abstract string Name { get; }

    /// <summary>Whether this processor runs it.</summary>
    public abstract bool IsSupported { get; }

    /// <summary>target = x / sqrt(mean(x²) + epsilon) · gain; false where the sum of squares is not finite. Source: B. Zhang, R. Sennrich, 2019.</summary>
    public abstract bool RmsNorm(float* x, float* gain, int width, float epsilon, float* target);

    /// <summary>Σ x · y.</summary>
    public abstract float Dot(float* x, float* y, int count);

    /// <summary>target += source.</summary>
    public abstract void Add(float* source, float* target, int count);

    /// <summary>target = silu(gate) · up; target may be one of both.</summary>
    public abstract void SwiGlu(float* gate, float* up, float* target, int count);

    /// <summary>target = gelu(gate) · up by the tanh formula; target may be one of both.</summary>
    public abstract void GeGlu(float* gate, float* up, float* target, int count);

    /// <summary>cap · tanh(x / cap), in place.</summary>
    public abstract void Cap(float* values, int count, float cap);

    /// <summary>Turns pairs (j, j + pairs) of each head of a row, in place, by angles given as cosines and sines. Source: J. Su et al., "RoFormer", 2021.</summary>
    public abstract void Rotate(float* row, int heads, int headDim, int pairs, float* cosines, float* sines);

    /// <summary>Writes a position's key and value of one head; false where one is not finite or too large for its format.</summary>
    public abstract bool Store(in AttentionHead head, int position, float* key, float* value);

    /// <summary>Floats of working memory that <see cref="Attend"/> needs for that many queries.</summary>
    public abstract int AttendScratch(in KvLayout layout, int queries, int count);

    /// <summary>
    /// softmax(scale · Q Kᵀ) V of queries at positions <paramref name="firstPosition"/> on, whose keys are stored (or all of <see cref="AttentionHead.Length"/>). Row i of queries and of output starts at
    /// i · stride and holds the heads that read this key/value head one after another.
    /// </summary>
    public abstract void Attend(in AttentionHead head, float* queries, int queryStride, int count, int firstPosition, float* output, int outputStride, float* scratch);

    /// <summary>Floats of working memory that <see cref="AttendChunk"/> needs.</summary>
    public abstract int ChunkScratch(in KvLayout layout, int queries);

    /// <summary>Floats of a chunk's result for all query heads of a key/value head.</summary>
    public static int PartialLength(in KvLayout layout, int queries) => queries * (layout.ValueWidth + 2);

    /// <summary>
    /// The part of chunk number <paramref name="chunk"/> in the attention of one position, of which the position sees something: for each query head the
    /// largest score, the sum of weights and the weighted sum of values.
    /// </summary>
    /// <param name="queries">Scaled already, head after head.</param>
    public abstract void AttendChunk(in AttentionHead head, float* queries, int position, int chunk, float* partial, float* scratch);

    /// <summary>Joins the results of chunks that stand <paramref name="stride"/> floats apart to the output, head after head.</summary>
    public abstract void JoinChunks(in KvLayout layout, int queries, float* partials, int stride, int chunks, float* output);

    private sealed class Of<T> : TransformerKernels
        where T : unmanaged, IFloats<T>
    {
        public override string Name => T.Name;

        public override bool IsSupported => T.IsSupported;

        public override bool RmsNorm(float* x, float* gain, int width, float epsilon, float* target) => RowKernels<T>.RmsNorm(x, gain, width, epsilon, target);

        public override float Dot(float* x, float* y, int count) => RowKernels<T>.Dot(x, y, count);

        public override void Add(float* source, float* target, int count) => RowKernels<T>.Add(source, target, count);

        public override void SwiGlu(float* gate, float* up, float* target, int count) => RowKernels<T>.SwiGlu(gate, up, target, count);

        public override void GeGlu(float* gate, float* up, float* target, int count) => RowKernels<T>.GeGlu(gate, up, target, count);

        public override void Cap(float* values, int count, float cap) => RowKernels<T>.Cap(values, count, cap);

        public override void Rotate(float* row, int heads, int headDim, int pairs, float* cosines, float* sines) =>
            RowKernels<T>.Rotate(row, heads, headDim, pairs, cosines, sines);

        public override bool Store(in AttentionHead head, int position, float* key, float* value)
        {
            int block = position / KvLayout.Positions, slot = position % KvLayout.Positions;
            return KvBlocks<T>.StoreKey(head.Layout, head.KeyBlock(block), slot, key) & KvBlocks<T>.StoreValue(head.Layout, head.ValueBlock(block), slot, value);
        }

        public override int AttendScratch(in KvLayout layout, int queries, int count) => BlockedAttention<T>.Scratch(layout, queries * count);

        public override void Attend(in AttentionHead head, float* queries, int queryStride, int count, int firstPosition, float* output, int outputStride, float* scratch) =>
            BlockedAttention<T>.Attend(head, queries, queryStride, count, firstPosition, output, outputStride, scratch);

        public override int ChunkScratch(in KvLayout layout, int queries) => ChunkAttention<T>.Scratch(layout, queries);

        public override void AttendChunk(in AttentionHead head, float* queries, int position, int chunk, float* partial, float* scratch) =>
            ChunkAttention<T>.Attend(head, queries, position, chunk, partial, scratch);

        public override void JoinChunks(in KvLayout layout, int queries, float* partials, int stride, int chunks, float* output) =>
            ChunkAttention<T>.Join(layout, queries, partials, stride, chunks, output);
    }
}
