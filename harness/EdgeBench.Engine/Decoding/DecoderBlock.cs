using EdgeBench.Models.Architectures;

namespace EdgeBench.Engine.Decoding;

/// <summary>
/// One layer of a causal decoder with its weights in float32. Working memory of a pass: about
/// 4 · (2 · width + 2 · heads · head_dim + 2 · kv_heads · head_dim + 3 · ffn) bytes for each of at most <see cref="RowsAtOnce"/> rows. Not thread-safe.
/// </summary>
public sealed class DecoderBlock
{
    /// <summary>Rows that are computed together: whole sequences, at least one of them.</summary>
    public const int RowsAtOnce = 2048;

    private readonly AttentionPart _attention;
    private readonly FeedForwardPart _feedForward;
    private readonly int _width;

    private DecoderBlock(IWeights weights, int layer, int threads, RotaryPair rotary)
    {
        ModelArchitecture architecture = weights.Architecture;
        BlockTensors tensors = new(weights, layer);
        (Layer, _width) = (layer, architecture.Width);
        _attention = new(tensors, architecture, layer, rotary.Of(layer), threads);
        _feedForward = new(tensors, architecture, layer, threads);
        Matrices = _attention.Matrices.Concat(_feedForward.Matrices).ToDictionary(matrix => matrix.Name, StringComparer.Ordinal);
    }

    /// <summary>Loads a layer (0-based). Throws <see cref="Core.Problems.EdgeBenchException"/> (bad input) where a tensor is missing or has another size.</summary>
    /// <param name="threads">0 takes all processors.</param>
    /// <param name="context">Longest context that it will see, for the choice of rotary factors (Phi-3).</param>
    public static DecoderBlock Load(IWeights weights, int layer, int threads = 0, int context = 0)
    {
        ArgumentNullException.ThrowIfNull(weights);
        return Load(weights, layer, threads, new RotaryPair(weights, context));
    }

    internal static DecoderBlock Load(IWeights weights, int layer, int threads, RotaryPair rotary)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(layer);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(layer, weights.Architecture.Layers);
        return new(weights, layer, threads == 0 ? Environment.ProcessorCount : threads, rotary);
    }

    public int Layer { get; }

    /// <summary>The weight matrices by GGUF's names; their values may be changed between passes.</summary>
    public IReadOnlyDictionary<string, BlockMatrix> Matrices { get; }

    /// <summary>
    /// Replaces <paramref name="hidden"/> [sequences · length, width] by the layer's output. Sequences start at position 0 and do not see each other. The
    /// tap is called for each site once for every group of at most <see cref="RowsAtOnce"/> rows, groups in order.
    /// </summary>
    public void Forward(Span<float> hidden, int sequences, int length, ActivationTap? tap = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(length, 1);
        Check(hidden, (long)sequences * length);
        int together = Math.Max(1, RowsAtOnce / length);
        for (int first = 0; first < sequences; first += together)
        {
            int count = Math.Min(together, sequences - first);
            Span<float> part = hidden.Slice(first * length * _width, count * length * _width);
            _attention.Forward(part, count, length, null, tap);
            _feedForward.Forward(part, count * length, tap);
        }
    }

    /// <summary>Replaces <paramref name="hidden"/> [rows, width], the next positions of the sequence in <paramref name="cache"/>, by the layer's output and appends to the cache.</summary>
    public void Append(Span<float> hidden, int rows, KvCache cache, ActivationTap? tap = null)
    {
        ArgumentNullException.ThrowIfNull(cache);
        Check(hidden, rows);
        if (rows == 0) return;
        _attention.Forward(hidden, 1, rows, cache, tap);
        _feedForward.Forward(hidden, rows, tap);
    }

    private void Check(Span<float> hidden, long rows)
    {
        if (rows < 0 || hidden.Length != rows * _width) throw new ArgumentException($"{hidden.Length} elements; expected {rows} rows of {_width}.", nameof(hidden));
    }
}
