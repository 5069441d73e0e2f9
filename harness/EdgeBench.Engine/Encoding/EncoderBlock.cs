using EdgeBench.Engine.Decoding;
using EdgeBench.Kernels.Dense;
using EdgeBench.Models.Architectures;

namespace EdgeBench.Engine.Encoding;

/// <summary>
/// One layer of a BERT-shaped encoder: x = LN(x + output(attention(x))), then x = LN(x + down(gelu(up(x)))). Every token sees all of its sequence. Not
/// thread-safe. Source: J. Devlin et al., "BERT", 2019.
/// </summary>
public sealed class EncoderBlock
{
    private readonly ModelArchitecture _architecture;
    private readonly int _threads;
    private readonly Projection _input, _output, _up, _down;
    private readonly float[] _attentionGain, _attentionBias, _outputGain, _outputBias;
    private readonly AttentionKind _kind;

    private EncoderBlock(IWeights weights, int layer, int threads)
    {
        (_architecture, Layer, _threads) = (weights.Architecture, layer, threads);
        int width = _architecture.Width, ffn = _architecture.Ffn;
        BlockTensors tensors = new(weights, layer);
        _input = new(tensors.Matrix("attn_q", width, width, LinearSite.AttentionInput), tensors.Matrix("attn_k", width, width, LinearSite.AttentionInput),
            tensors.Matrix("attn_v", width, width, LinearSite.AttentionInput));
        _output = new(tensors.Matrix("attn_output", width, width, LinearSite.AttentionOutput));
        _up = new(tensors.Matrix("ffn_up", ffn, width, LinearSite.FeedForwardInput));
        _down = new(tensors.Matrix("ffn_down", width, ffn, LinearSite.FeedForwardOutput));
        (_attentionGain, _attentionBias) = (tensors.Vector("attn_output_norm.weight", width), tensors.Vector("attn_output_norm.bias", width));
        (_outputGain, _outputBias) = (tensors.Vector("layer_output_norm.weight", width), tensors.Vector("layer_output_norm.bias", width));
        _kind = new(_architecture.Heads, _architecture.KvHeads, _architecture.HeadDim, (float)_architecture.AttentionScale, 0, 0, Causal: false);
        Matrices = new[] { _input, _output, _up, _down }.SelectMany(projection => projection.Matrices).ToDictionary(matrix => matrix.Name, StringComparer.Ordinal);
    }

    /// <summary>Loads a layer (0-based). Throws <see cref="Core.Problems.EdgeBenchException"/> (bad input) where a tensor is missing or has another size.</summary>
    /// <param name="threads">0 takes all processors.</param>
    public static EncoderBlock Load(IWeights weights, int layer, int threads = 0)
    {
        ArgumentNullException.ThrowIfNull(weights);
        ArgumentOutOfRangeException.ThrowIfNegative(layer);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(layer, weights.Architecture.Layers);
        return new(weights, layer, threads == 0 ? Environment.ProcessorCount : threads);
    }

    public int Layer { get; }

    /// <summary>The weight matrices by GGUF's names; their values may be changed between passes.</summary>
    public IReadOnlyDictionary<string, BlockMatrix> Matrices { get; }

    /// <summary>Replaces <paramref name="hidden"/> [sum of lengths, width] by the layer's output; sequences of these lengths follow one another.</summary>
    public void Forward(Span<float> hidden, ReadOnlySpan<int> lengths, ActivationTap? tap = null)
    {
        int width = _architecture.Width, ffn = _architecture.Ffn, rows = hidden.Length / width;
        using Scratch qkv = new(rows, 3 * width), between = new(rows, width), wide = new(rows, ffn);
        tap?.Invoke(Layer, LinearSite.AttentionInput, hidden, width);
        _input.Apply(hidden, qkv.Span, rows, _threads);
        int first = 0;
        foreach (int length in lengths)
        {
            HeadRows q = new(qkv.Array, first * 3 * width, 3 * width), output = new(between.Array, first * width, width);
            Attention.Run(_kind, q, q with { Offset = q.Offset + width }, q with { Offset = q.Offset + (2 * width) }, output, 1, length, length, 0, _threads);
            first += length;
        }
        tap?.Invoke(Layer, LinearSite.AttentionOutput, between.Span, width);
        AddAndNorm(_output, between.Span, hidden, rows, _attentionGain, _attentionBias);

        tap?.Invoke(Layer, LinearSite.FeedForwardInput, hidden, width);
        _up.Apply(hidden, wide.Span, rows, _threads);
        Team.RunRanges(_threads, rows, 8, (start, end) => Activations.Gelu(wide.Array.AsSpan(start * ffn, (end - start) * ffn)));
        tap?.Invoke(Layer, LinearSite.FeedForwardOutput, wide.Span, ffn);
        AddAndNorm(_down, wide.Span, hidden, rows, _outputGain, _outputBias);
    }

    private void AddAndNorm(Projection projection, ReadOnlySpan<float> input, Span<float> hidden, int rows, float[] gain, float[] bias)
    {
        using Scratch sum = new(rows, _architecture.Width);
        projection.Apply(input, sum.Span, rows, _threads);
        RowWork.Add(sum.Span, hidden);
        RowWork.LayerNorm(hidden, gain, bias, _architecture.NormEpsilon, _threads);
    }
}
