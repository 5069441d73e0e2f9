using EdgeBench.Kernels.Dense;
using EdgeBench.Models.Architectures;

namespace EdgeBench.Engine.Decoding;

/// <summary>The first half of a decoder block: x += norm?(output(attention(q, k, v of norm(x)))).</summary>
internal sealed class AttentionPart
{
    private readonly ModelArchitecture _architecture;
    private readonly int _layer, _threads;
    private readonly float[] _norm;
    private readonly float[]? _queryNorm, _keyNorm, _postNorm;
    private readonly Projection _input, _output;
    private readonly Rotary _rotary;
    private readonly AttentionKind _kind;
    private readonly int _queryWidth, _keyWidth;

    public AttentionPart(BlockTensors tensors, ModelArchitecture architecture, int layer, Rotary rotary, int threads)
    {
        (_architecture, _layer, _rotary, _threads) = (architecture, layer, rotary, threads);
        int width = architecture.Width, head = architecture.HeadDim;
        (_queryWidth, _keyWidth) = (architecture.Heads * head, architecture.KvHeads * head);
        _norm = tensors.Vector("attn_norm.weight", width);
        _queryNorm = architecture.QueryKeyNorm ? tensors.Vector("attn_q_norm.weight", head) : null;
        _keyNorm = architecture.QueryKeyNorm ? tensors.Vector("attn_k_norm.weight", head) : null;
        _postNorm = architecture.PostNorms ? tensors.Vector("post_attention_norm.weight", width) : null;
        _input = architecture.FusedProjections
            ? new(tensors.Matrix("attn_qkv", _queryWidth + (2 * _keyWidth), width, LinearSite.AttentionInput))
            : new(tensors.Matrix("attn_q", _queryWidth, width, LinearSite.AttentionInput), tensors.Matrix("attn_k", _keyWidth, width, LinearSite.AttentionInput),
                tensors.Matrix("attn_v", _keyWidth, width, LinearSite.AttentionInput));
        _output = new(tensors.Matrix("attn_output", width, _queryWidth, LinearSite.AttentionOutput));
        _kind = new(architecture.Heads, architecture.KvHeads, head, (float)architecture.AttentionScale, (float)(architecture.AttentionSoftcap ?? 0),
            architecture.Slides(layer) ? architecture.SlidingWindow ?? 0 : 0, Causal: true);
    }

    public IEnumerable<BlockMatrix> Matrices => _input.Matrices.Concat(_output.Matrices);

    /// <param name="cache">Where given, the rows are one sequence's next positions; else sequences that start at position 0.</param>
    public void Forward(Span<float> hidden, int sequences, int length, KvCache? cache, ActivationTap? tap)
    {
        int rows = sequences * length, first = cache?.Length ?? 0;
        using Scratch qkv = new(rows, _input.Outputs), attended = new(rows, _queryWidth), back = new(rows, _architecture.Width);
        RowWork.RmsNorm(hidden, _norm, _architecture.NormEpsilon, back.Span, _threads);
        tap?.Invoke(_layer, LinearSite.AttentionInput, back.Span, _architecture.Width);
        _input.Apply(back.Span, qkv.Span, rows, _threads);
        Place(qkv.Array, rows, length, first);

        HeadRows q = new(qkv.Array, 0, _input.Outputs);
        HeadRows k = new(qkv.Array, _queryWidth, _input.Outputs), v = new(qkv.Array, _queryWidth + _keyWidth, _input.Outputs);
        if (cache is not null)
        {
            cache.Append(qkv.Span, _input.Outputs, _queryWidth, _queryWidth + _keyWidth, rows);
            (k, v) = (new(cache.Keys, 0, cache.Width), new(cache.Values, 0, cache.Width));
        }
        Attention.Run(_kind, q, k, v, new(attended.Array, 0, _queryWidth), sequences, length, first + length, first, _threads);
        tap?.Invoke(_layer, LinearSite.AttentionOutput, attended.Span, _queryWidth);
        _output.Apply(attended.Span, back.Span, rows, _threads);
        if (_postNorm is not null) RowWork.RmsNorm(back.Span, _postNorm, _architecture.NormEpsilon, back.Span, _threads);
        RowWork.Add(back.Span, hidden);
    }

    // Norms over each head where the model has them, then rotary embedding, of queries and keys.
    private void Place(float[] qkv, int rows, int length, int first)
    {
        _rotary.Reserve(first + length);
        int stride = _input.Outputs, head = _architecture.HeadDim;
        Team.RunRanges(_threads, rows, 16, (start, end) =>
        {
            for (int row = start; row < end; row++)
            {
                Span<float> queries = qkv.AsSpan(row * stride, _queryWidth), keys = qkv.AsSpan((row * stride) + _queryWidth, _keyWidth);
                if (_queryNorm is not null) Norms.Rms(queries, _queryNorm, _architecture.NormEpsilon, queries);
                if (_keyNorm is not null) Norms.Rms(keys, _keyNorm, _architecture.NormEpsilon, keys);
                int position = first + (row % length);
                _rotary.Turn(queries, head, position);
                _rotary.Turn(keys, head, position);
            }
        });
    }
}
