using System.Numerics.Tensors;
using EdgeBench.Core.Backends;
using EdgeBench.Core.Problems;
using EdgeBench.Kernels.Dense;
using EdgeBench.Models.Architectures;

namespace EdgeBench.Engine.Decoding;

/// <summary>
/// A causal decoder in float32: embedding, blocks that are loaded one at a time, final norm and head. It keeps the embedding and, where it differs, the
/// head (4 · vocabulary · width bytes each) from their first use on. Not thread-safe.
/// </summary>
public sealed class Decoder
{
    /// <summary>Rows whose logits are in memory at once.</summary>
    public const int HeadRows = 128;

    private readonly IWeights _weights;
    private readonly int _threads;
    private readonly RotaryPair _rotary;
    private readonly Lazy<float[]> _embedding, _head, _norm;
    private readonly float[]? _headBias;

    /// <param name="threads">0 takes all processors.</param>
    /// <param name="context">Longest context that it will see, for the choice of rotary factors (Phi-3).</param>
    public Decoder(IWeights weights, int threads = 0, int context = 0)
    {
        ArgumentNullException.ThrowIfNull(weights);
        Architecture = weights.Architecture;
        if (Architecture.IsEncoder) throw EdgeBenchException.BadInput($"'{Architecture.Name}' is an encoder", "a causal decoder");
        (_weights, _threads, _rotary) = (weights, threads == 0 ? Environment.ProcessorCount : threads, new RotaryPair(weights, context));
        long table = (long)Architecture.Vocabulary * Architecture.Width;
        _embedding = new(() => Load("token_embd.weight", table));
        _head = new(() => weights.Has("output.weight") ? Load("output.weight", table) : _embedding.Value);
        _norm = new(() => Load("output_norm.weight", Architecture.Width));
        _headBias = weights.Has("output.bias") ? Load("output.bias", Architecture.Vocabulary) : null;
    }

    public ModelArchitecture Architecture { get; }

    /// <summary>Loads a layer; it is not kept.</summary>
    public DecoderBlock Block(int layer) => DecoderBlock.Load(_weights, layer, _threads, _rotary);

    /// <summary>Writes the residual stream's start [tokens, width]. Throws <see cref="ArgumentException"/> for a token outside of the vocabulary.</summary>
    public void Embed(ReadOnlySpan<int> tokens, Span<float> hidden)
    {
        int width = Architecture.Width;
        if (hidden.Length != (long)tokens.Length * width) throw new ArgumentException($"{hidden.Length} elements; expected {tokens.Length} rows of {width}.", nameof(hidden));
        for (int i = 0; i < tokens.Length; i++)
        {
            if ((uint)tokens[i] >= (uint)Architecture.Vocabulary) throw new ArgumentException($"Token {tokens[i]} is outside of the vocabulary of {Architecture.Vocabulary}.", nameof(tokens));
            TensorPrimitives.Multiply(_embedding.Value.AsSpan(tokens[i] * width, width), (float)Architecture.EmbeddingScale, hidden.Slice(i * width, width));
        }
    }

    /// <summary>Final norm and head of <paramref name="hidden"/> [rows, width], which stays as it is; <paramref name="row"/> gets each row's logits, valid during the call.</summary>
    public void Head(ReadOnlySpan<float> hidden, LogitRow row)
    {
        ArgumentNullException.ThrowIfNull(row);
        int width = Architecture.Width, vocabulary = Architecture.Vocabulary, rows = hidden.Length / width;
        if (hidden.Length % width != 0) throw new ArgumentException($"{hidden.Length} elements; expected rows of {width}.", nameof(hidden));
        int most = Math.Min(HeadRows, rows);
        using Scratch normed = new(most, width), logits = new(most, vocabulary);
        for (int first = 0; first < rows; first += most)
        {
            int count = Math.Min(most, rows - first);
            Span<float> inputs = normed.Span[..(count * width)], outputs = logits.Span[..(count * vocabulary)];
            RowWork.RmsNorm(hidden.Slice(first * width, count * width), _norm.Value, Architecture.NormEpsilon, inputs, _threads);
            Gemm.MultiplyTransposed(inputs, _head.Value, outputs, count, vocabulary, width, _threads);
            for (int i = 0; i < count; i++)
            {
                Span<float> one = outputs.Slice(i * vocabulary, vocabulary);
                if (_headBias is not null) TensorPrimitives.Add(one, _headBias, one);
                if (Architecture.LogitSoftcap is { } cap and > 0) Attention.Cap(one, (float)cap);
                row(first + i, one);
            }
        }
    }

    private float[] Load(string name, long length)
    {
        float[] values = _weights.Load(name);
        return values.Length == length ? values
            : throw EdgeBenchException.BadInput($"tensor '{name}' has {values.Length} elements", $"{length}, by the model's dimensions", "Fetch or convert the file again.");
    }
}
