using System.Runtime.InteropServices;
using EdgeBench.Engine.Decoding;
using EdgeBench.Engine.Encoding;
using EdgeBench.Engine.Inference.Encoding;
using EdgeBench.Engine.Inference.Threads;
using EdgeBench.Models.Gguf;
using EdgeBench.Testing;

namespace EdgeBench.Engine.Tests.Inference;

/// <summary>The packed encoder against the float32 one, which golden files hold to PyTorch's.</summary>
public sealed class EncoderInferenceTests : IDisposable
{
    private const int Width = 64, Ffn = 160, Vocabulary = 90, Layers = 2, Context = 100;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    // Float32: another order of sums. Q8_0: activations in 8 bits, as in FormatTests, for layer norms of order one.
    [Theory]
    [InlineData(GgmlType.F32, 1e-4)]
    [InlineData(GgmlType.Q8_0, 0.08)]
    public void Rows_are_the_float32_encoders(GgmlType type, double tolerance)
    {
        string path = Requantised.Write(File(), Path.Combine(_folder.Path, "typed.gguf"), type);
        int[] lengths = [7, 100, 1, 0, 33, 32, 64], tokens = [.. Enumerable.Range(0, lengths.Sum()).Select(i => i * 37 % Vocabulary)];
        float[] expected;
        using (GgufFile file = GgufFile.Open(path)) expected = new Encoder(new GgufWeights(file), 2).Run(tokens, [], lengths);
        using Crew one = new(1), three = new(3);
        using PackedEncoder alone = PackedEncoder.Load(GgufFile.Open(path), one), together = PackedEncoder.Load(GgufFile.Open(path), three, tokens: 120);
        float[] actual = alone.Run(tokens, lengths);
        Near.Absolute(expected, actual, tolerance);
        Assert.Equal(actual, together.Run(tokens, lengths));
    }

    [Fact]
    public void Lengths_and_tokens_that_do_not_fit_are_refused()
    {
        using Crew crew = new(1);
        using PackedEncoder encoder = PackedEncoder.Load(GgufFile.Open(File()), crew);
        Assert.Throws<ArgumentException>(() => encoder.Run([1, 2, 3], [2]));
        Assert.Throws<ArgumentException>(() => encoder.Run([1, 2], [3]));
        Assert.Throws<ArgumentException>(() => encoder.Run([1, Vocabulary], [2]));
        Assert.Empty(encoder.Run([], []));
    }

    private string File()
    {
        string path = Path.Combine(_folder.Path, "bert.gguf");
        Dictionary<string, GgufValue> metadata = new()
        {
            ["general.architecture"] = GgufValue.From("bert"),
            ["bert.block_count"] = GgufValue.From((uint)Layers),
            ["bert.embedding_length"] = GgufValue.From((uint)Width),
            ["bert.feed_forward_length"] = GgufValue.From((uint)Ffn),
            ["bert.attention.head_count"] = GgufValue.From(4u),
            ["bert.context_length"] = GgufValue.From((uint)Context),
            ["bert.attention.layer_norm_epsilon"] = GgufValue.From(1e-12f),
        };
        List<(string Name, long[] Dimensions)> tensors =
        [
            ("token_embd.weight", [Width, Vocabulary]), ("position_embd.weight", [Width, Context]), ("token_types.weight", [Width, 2]),
            ("token_embd_norm.weight", [Width]), ("token_embd_norm.bias", [Width]),
        ];
        for (int layer = 0; layer < Layers; layer++)
        {
            foreach ((string part, int rows, int columns) in new[] { ("attn_q", Width, Width), ("attn_k", Width, Width), ("attn_v", Width, Width), ("attn_output", Width, Width), ("ffn_up", Ffn, Width), ("ffn_down", Width, Ffn) })
                tensors.AddRange([($"blk.{layer}.{part}.weight", [columns, rows]), ($"blk.{layer}.{part}.bias", [rows])]);
            foreach (string norm in new[] { "attn_output_norm", "layer_output_norm" }) tensors.AddRange([($"blk.{layer}.{norm}.weight", [Width]), ($"blk.{layer}.{norm}.bias", [Width])]);
        }
        GgufWriter.Write(path, metadata, [.. tensors.Select((tensor, seed) => new GgufTensorSource(tensor.Name, GgmlType.F32, tensor.Dimensions, stream =>
        {
            Random random = new(seed);
            bool isGain = tensor.Name.EndsWith("norm.weight", StringComparison.Ordinal);
            double size = tensor.Dimensions.Length == 2 ? 2 / Math.Sqrt(tensor.Dimensions[0]) : 0.2;
            stream.Write(MemoryMarshal.AsBytes<float>([.. Enumerable.Range(0, (int)tensor.Dimensions.Aggregate(1L, (a, b) => a * b)).Select(_ => (float)((isGain ? 1 : 0) + (size * ((2 * random.NextDouble()) - 1))))]));
        }))]);
        return path;
    }
}
