using System.Numerics.Tensors;
using EdgeBench.Core.Problems;
using EdgeBench.Engine.Decoding;
using EdgeBench.Models.Architectures;

namespace EdgeBench.Engine.Encoding;

/// <summary>
/// A BERT-shaped encoder in float32: word, position and type embeddings, norm, blocks that are loaded one at a time. It keeps the embeddings
/// (4 · (vocabulary + context + types) · width bytes). Not thread-safe.
/// </summary>
public sealed class Encoder
{
    private readonly IWeights _weights;
    private readonly int _threads;
    private readonly float[] _words, _positions, _gain, _bias;
    private readonly float[]? _types;

    /// <param name="threads">0 takes all processors.</param>
    public Encoder(IWeights weights, int threads = 0)
    {
        ArgumentNullException.ThrowIfNull(weights);
        Architecture = weights.Architecture;
        if (!Architecture.IsEncoder) throw EdgeBenchException.BadInput($"'{Architecture.Name}' is a causal decoder", "an encoder");
        (_weights, _threads) = (weights, threads == 0 ? Environment.ProcessorCount : threads);
        int width = Architecture.Width;
        _words = Load("token_embd.weight", (long)Architecture.Vocabulary * width);
        _positions = Load("position_embd.weight", (long)Architecture.Context * width);
        _types = weights.Has("token_types.weight") ? Load("token_types.weight", (long)Architecture.TokenTypes * width) : null;
        (_gain, _bias) = (Load("token_embd_norm.weight", width), Load("token_embd_norm.bias", width));
    }

    public ModelArchitecture Architecture { get; }

    /// <summary>Loads a layer; it is not kept.</summary>
    public EncoderBlock Block(int layer) => EncoderBlock.Load(_weights, layer, _threads);

    /// <summary>
    /// Writes what enters the first layer [tokens, width]. Sequences follow one another without padding; each starts at position 0. Throws
    /// <see cref="ArgumentException"/> for tokens, types or lengths that the model does not have.
    /// </summary>
    /// <param name="types">One for each token, or empty: all 0.</param>
    public void Embed(ReadOnlySpan<int> tokens, ReadOnlySpan<int> types, ReadOnlySpan<int> lengths, Span<float> hidden)
    {
        int width = Architecture.Width, at = 0;
        if (hidden.Length != (long)tokens.Length * width) throw new ArgumentException($"{hidden.Length} elements; expected {tokens.Length} rows of {width}.", nameof(hidden));
        if (types.Length != 0 && types.Length != tokens.Length) throw new ArgumentException($"{types.Length} types for {tokens.Length} tokens.", nameof(types));
        foreach (int length in lengths)
        {
            if (length < 0 || length > Architecture.Context || length > tokens.Length - at)
                throw new ArgumentException($"A sequence of {length} tokens with {tokens.Length - at} left; the model takes at most {Architecture.Context}.", nameof(lengths));
            for (int position = 0; position < length; position++, at++)
            {
                int type = types.Length == 0 ? 0 : types[at];
                if ((uint)tokens[at] >= (uint)Architecture.Vocabulary) throw new ArgumentException($"Token {tokens[at]} is outside of the vocabulary of {Architecture.Vocabulary}.", nameof(tokens));
                if ((uint)type >= (uint)Math.Max(1, Architecture.TokenTypes)) throw new ArgumentException($"Type {type} is outside of the {Architecture.TokenTypes} types.", nameof(types));
                Span<float> row = hidden.Slice(at * width, width);
                TensorPrimitives.Add(_words.AsSpan(tokens[at] * width, width), _positions.AsSpan(position * width, width), row);
                if (_types is not null) TensorPrimitives.Add(row, _types.AsSpan(type * width, width), row);
            }
        }
        if (at != tokens.Length) throw new ArgumentException($"Lengths add up to {at}; there are {tokens.Length} tokens.", nameof(lengths));
        RowWork.LayerNorm(hidden, _gain, _bias, Architecture.NormEpsilon, _threads);
    }

    /// <summary>The last layer's output [tokens, width] of sequences that follow one another; blocks are loaded and dropped one by one.</summary>
    public float[] Run(ReadOnlySpan<int> tokens, ReadOnlySpan<int> types, ReadOnlySpan<int> lengths, ActivationTap? tap = null)
    {
        float[] hidden = new float[checked(tokens.Length * Architecture.Width)];
        Embed(tokens, types, lengths, hidden);
        for (int layer = 0; layer < Architecture.Layers; layer++) Block(layer).Forward(hidden, lengths, tap);
        return hidden;
    }

    private float[] Load(string name, long length)
    {
        float[] values = _weights.Load(name);
        return values.Length == length ? values
            : throw EdgeBenchException.BadInput($"tensor '{name}' has {values.Length} elements", $"{length}, by the model's dimensions", "Fetch or convert the file again.");
    }
}
