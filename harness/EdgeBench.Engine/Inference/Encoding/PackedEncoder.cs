using EdgeBench.Core.Problems;
using EdgeBench.Engine.Decoding;
using EdgeBench.Engine.Inference.Loading;
using EdgeBench.Engine.Inference.Memory;
using EdgeBench.Engine.Inference.Threads;
using EdgeBench.Kernels.Packed;
using EdgeBench.Kernels.Transformer;
using EdgeBench.Models.Architectures;
using EdgeBench.Models.Gguf;

namespace EdgeBench.Engine.Inference.Encoding;

/// <summary>
/// A BERT-shaped encoder with packed weights: x = LN(x + output(attention(x))), then x = LN(x + down(gelu(up(x)))). Not thread-safe. Source: J. Devlin et al.,
/// "BERT", 2019.
/// </summary>
public sealed class PackedEncoder : IDisposable
{
    private readonly GgufFile _file;
    private readonly GgufTensor _words;
    private readonly float[] _positions, _gain, _bias;
    private readonly float[]? _types;
    private readonly Crew _crew;
    private readonly EncodePass _pass;
    private readonly List<(LinearPlan, PackedMatrix)> _matrices = [];
    private readonly KernelSet _kernels;

    private PackedEncoder(GgufFile file, Crew crew, int tokens)
    {
        (_file, _crew, _kernels) = (file, crew, KernelSets.Current);
        GgufWeights weights = new(file);
        Architecture = weights.Architecture;
        int width = Architecture.Width;
        if (!Architecture.IsEncoder) throw EdgeBenchException.BadInput($"'{Architecture.Name}' is no encoder", "bert", null, file.Path);
        _words = file.Find("token_embd.weight") ?? throw EdgeBenchException.BadInput("no tensor 'token_embd.weight'", "the tensors of bert", null, file.Path);
        _positions = Vector(weights, "position_embd.weight", Architecture.Context * width);
        _types = weights.Has("token_types.weight") ? Vector(weights, "token_types.weight", Math.Max(1, Architecture.TokenTypes) * width) : null;
        (_gain, _bias) = (Vector(weights, "token_embd_norm.weight", width), Vector(weights, "token_embd_norm.bias", width));
        EncoderLayer[] layers = [.. Enumerable.Range(0, Architecture.Layers).Select(layer => Layer(weights, layer))];
        crew.Run(new PackWork(file, _matrices, _words));
        _pass = new(Architecture, layers, TransformerKernels.For(_kernels.Name), crew.Count, Math.Max(tokens, Architecture.Context));
    }

    public ModelArchitecture Architecture { get; }

    /// <summary>Packs a file's weights. Takes over the file. Throws <see cref="EdgeBenchException"/> (bad input).</summary>
    /// <param name="crew">Not taken over.</param>
    /// <param name="tokens">Tokens that are computed at once: sequences are gathered up to it.</param>
    public static PackedEncoder Load(GgufFile file, Crew crew, int tokens = 512)
    {
        ArgumentNullException.ThrowIfNull(file);
        ArgumentNullException.ThrowIfNull(crew);
        return new(file, crew, tokens);
    }

    /// <summary>
    /// The last layer's output [tokens, width] of sequences that follow one another; each starts at position 0 and sees all of itself. Throws
    /// <see cref="ArgumentException"/> for tokens or lengths that the model does not have.
    /// </summary>
    public unsafe float[] Run(ReadOnlySpan<int> tokens, ReadOnlySpan<int> lengths)
    {
        int width = Architecture.Width, at = 0;
        float[] output = new float[checked(tokens.Length * width)];
        for (int first = 0; first < lengths.Length;)
        {
            int rows = 0, end = first;
            while (end < lengths.Length && end - first < EncodePass.MostSequences && (end == first || rows + lengths[end] <= _pass.MostRows))
            {
                if (lengths[end] < 0 || lengths[end] > Architecture.Context || lengths[end] > tokens.Length - at - rows)
                    throw new ArgumentException($"A sequence of {lengths[end]} tokens with {tokens.Length - at - rows} left; the model takes at most {Architecture.Context}.", nameof(lengths));
                rows += lengths[end++];
            }
            Embed(tokens.Slice(at, rows), lengths[first..end]);
            _pass.Begin(lengths[first..end]);
            if (rows > 0) _crew.Run(_pass);
            new ReadOnlySpan<float>(_pass.Hidden, rows * width).CopyTo(output.AsSpan(at * width));
            (first, at) = (end, at + rows);
        }
        return at == tokens.Length ? output : throw new ArgumentException($"Lengths add up to {at}; there are {tokens.Length} tokens.", nameof(lengths));
    }

    public void Dispose()
    {
        _pass.Dispose();
        _file.Dispose();
    }

    private unsafe void Embed(ReadOnlySpan<int> tokens, ReadOnlySpan<int> lengths)
    {
        int width = Architecture.Width, row = 0;
        foreach (int length in lengths)
        {
            for (int position = 0; position < length; position++, row++)
            {
                if ((uint)tokens[row] >= (uint)Architecture.Vocabulary) throw new ArgumentException($"Token {tokens[row]} is outside of the vocabulary of {Architecture.Vocabulary}.", nameof(tokens));
                Span<float> values = new(_pass.Hidden + ((nint)row * width), width);
                _file.Dequantise(_words, (long)tokens[row] * width, values);
                for (int i = 0; i < width; i++) values[i] += _positions[(position * width) + i] + (_types?[i] ?? 0);
                Kernels.Dense.Norms.Layer(values, _gain, _bias, Architecture.NormEpsilon, values);
            }
        }
    }

    private EncoderLayer Layer(GgufWeights weights, int layer)
    {
        int width = Architecture.Width, ffn = Architecture.Ffn;
        string at = $"blk.{layer}.";
        return new(Make(weights, at + "attn_q", width, width), Make(weights, at + "attn_k", width, width), Make(weights, at + "attn_v", width, width),
            Make(weights, at + "attn_output", width, width), Make(weights, at + "ffn_up", ffn, width), Make(weights, at + "ffn_down", width, ffn),
            Vector(weights, at + "attn_output_norm.weight", width), Vector(weights, at + "attn_output_norm.bias", width),
            Vector(weights, at + "layer_output_norm.weight", width), Vector(weights, at + "layer_output_norm.bias", width));
    }

    private Linear Make(GgufWeights weights, string name, int rows, int columns)
    {
        GgufTensor tensor = _file.Find(name + ".weight") ?? throw EdgeBenchException.BadInput($"no tensor '{name}.weight'", "the tensors of bert", null, _file.Path);
        if (tensor.RowLength != columns || tensor.Rows != rows)
            throw EdgeBenchException.BadInput($"tensor '{tensor.Name}' has {tensor.Rows} rows of {tensor.RowLength}", $"{rows} rows of {columns}, by the model's dimensions", null, _file.Path);
        LinearPlan plan = new(name, tensor, 0, rows, HeadOrder.AsStored, weights.Has(name + ".bias") ? Vector(weights, name + ".bias", rows) : null);
        PackedMatrix matrix = new(plan.Format, rows, columns);
        _matrices.Add((plan, matrix));
        return new(name, matrix, plan.Bias is null ? null : NativeBlock.Of(plan.Bias), _kernels);
    }

    private static float[] Vector(GgufWeights weights, string name, int length)
    {
        float[] values = weights.Load(name);
        return values.Length == length ? values
            : throw EdgeBenchException.BadInput($"tensor '{name}' has {values.Length} elements", $"{length}, by the model's dimensions", "Fetch or convert the file again.");
    }
}
