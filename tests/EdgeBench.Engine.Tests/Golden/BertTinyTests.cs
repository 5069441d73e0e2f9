using EdgeBench.Engine.Encoding;
using EdgeBench.Models.Architectures;
using EdgeBench.Testing;

namespace EdgeBench.Engine.Tests.Golden;

/// <summary>The encoder against PyTorch (golden/README.md, "Encoder").</summary>
public class BertTinyTests
{
    private const int Width = 32, Padded = 12;

    private static readonly int[] s_lengths = [12, 7, 4];

    private static readonly ModelArchitecture s_architecture = new()
    {
        Name = "bert",
        Layers = 2,
        Width = Width,
        Heads = 4,
        KvHeads = 4,
        HeadDim = 8,
        Ffn = 64,
        Vocabulary = 64,
        Context = 16,
        NormEpsilon = 1e-12,
        TiedEmbeddings = true,
        FeedForward = FeedForwardKind.Gelu,
        Rope = RopeLayout.None,
        AttentionScale = 1 / Math.Sqrt(8),
        IsEncoder = true,
        TokenTypes = 2,
    };

    private static readonly (string Gguf, string Torch)[] s_names =
    [
        ("attn_q", "attention.self.query"), ("attn_k", "attention.self.key"), ("attn_v", "attention.self.value"), ("attn_output", "attention.output.dense"),
        ("attn_output_norm", "attention.output.LayerNorm"), ("ffn_up", "intermediate.dense"), ("ffn_down", "output.dense"), ("layer_output_norm", "output.LayerNorm"),
    ];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Residual_streams_and_the_classifiers_logits_are_PyTorchs(int threads)
    {
        GoldenFile file = new(RepositoryFiles.Shared("golden/bert-tiny.safetensors"));
        Encoder encoder = new(Weights(file), threads);
        int[] tokens = Unpadded(file.Integers("input.tokens"), 1), types = Unpadded(file.Integers("input.token_type_ids"), 1);
        float[] hidden = new float[tokens.Length * Width];
        encoder.Embed(tokens, types, s_lengths, hidden);
        for (int layer = 0; layer < 2; layer++)
        {
            encoder.Block(layer).Forward(hidden, s_lengths);
            Near.Relative(Unpadded(file.Floats($"act.bert.encoder.layer.{layer}"), Width), hidden, 1e-4);
        }
        Near.Relative(file.Floats("out.logits"), Logits(file, hidden), 1e-4);
        Assert.Equal(hidden, encoder.Run(tokens, types, s_lengths));
    }

    [Fact]
    public void Pooling_takes_the_mean_or_the_first_row_and_scales_to_length_one()
    {
        float[] rows = [1, 2, 3, 4, 5, 6];
        Assert.Equal([3, 4], SentenceVector.Of(rows, 2, Pooling.Mean, normalise: false));
        Near.Absolute([0.6f, 0.8f], SentenceVector.Of(rows, 2, Pooling.Mean, normalise: true), 1e-6);
        Assert.Equal([1, 2], SentenceVector.Of(rows, 2, Pooling.FirstToken, normalise: false));
        Assert.Equal([0, 0], SentenceVector.Of(new float[4], 2, Pooling.Mean, normalise: true));
        Assert.Throws<ArgumentException>(() => SentenceVector.Of(rows, 4, Pooling.Mean, normalise: true));
    }

    [Fact]
    public void Tokens_types_and_lengths_that_the_model_does_not_have_are_refused()
    {
        Encoder encoder = new(Weights(new(RepositoryFiles.Shared("golden/bert-tiny.safetensors"))));
        Assert.Contains("Token 64 ", Assert.Throws<ArgumentException>(() => encoder.Run([64], [], [1])).Message);
        Assert.Contains("Type 2 ", Assert.Throws<ArgumentException>(() => encoder.Run([1], [2], [1])).Message);
        Assert.Contains("at most 16", Assert.Throws<ArgumentException>(() => encoder.Run(new int[17], [], [17])).Message);
        Assert.Contains("add up to 2", Assert.Throws<ArgumentException>(() => encoder.Run(new int[3], [], [2])).Message);
    }

    // The head: Wc tanh(Wp x[0] + bp) + bc.
    private static float[] Logits(GoldenFile file, float[] hidden)
    {
        float[] pooler = file.Floats("param.bert.pooler.dense.weight"), poolerBias = file.Floats("param.bert.pooler.dense.bias");
        float[] classifier = file.Floats("param.classifier.weight"), classifierBias = file.Floats("param.classifier.bias");
        List<float> logits = [];
        for (int sequence = 0, first = 0; sequence < s_lengths.Length; first += s_lengths[sequence++])
        {
            double[] pooled = [.. Enumerable.Range(0, Width).Select(i => Math.Tanh(poolerBias[i] + Enumerable.Range(0, Width).Sum(j => (double)pooler[(i * Width) + j] * hidden[(first * Width) + j])))];
            logits.AddRange(Enumerable.Range(0, 3).Select(c => (float)(classifierBias[c] + Enumerable.Range(0, Width).Sum(i => classifier[(c * Width) + i] * pooled[i]))));
        }
        return [.. logits];
    }

    private static T[] Unpadded<T>(T[] values, int width) =>
        [.. s_lengths.SelectMany((length, sequence) => values.Skip(sequence * Padded * width).Take(length * width))];

    private static MemoryWeights Weights(GoldenFile file)
    {
        Dictionary<string, float[]> tensors = new()
        {
            ["token_embd.weight"] = file.Floats("param.bert.embeddings.word_embeddings.weight"),
            ["position_embd.weight"] = file.Floats("param.bert.embeddings.position_embeddings.weight"),
            ["token_types.weight"] = file.Floats("param.bert.embeddings.token_type_embeddings.weight"),
            ["token_embd_norm.weight"] = file.Floats("param.bert.embeddings.LayerNorm.weight"),
            ["token_embd_norm.bias"] = file.Floats("param.bert.embeddings.LayerNorm.bias"),
        };
        for (int layer = 0; layer < 2; layer++)
        {
            foreach ((string gguf, string torch) in s_names)
            {
                foreach (string part in new[] { "weight", "bias" })
                    tensors[$"blk.{layer}.{gguf}.{part}"] = file.Floats($"param.bert.encoder.layer.{layer}.{torch}.{part}");
            }
        }
        return new(s_architecture, tensors);
    }
}
