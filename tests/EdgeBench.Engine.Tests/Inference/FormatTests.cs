using EdgeBench.Core.Configuration;
using EdgeBench.Engine.Decoding;
using EdgeBench.Engine.Inference.Loading;
using EdgeBench.Engine.Sessions;
using EdgeBench.Kernels.Transformer;
using EdgeBench.Models.Gguf;
using EdgeBench.Models.Sources.Synthetic;
using EdgeBench.Testing;

namespace EdgeBench.Engine.Tests.Inference;

/// <summary>Every tensor type that can be read, against the float32 decoder on the same dequantised weights.</summary>
public sealed class FormatTests : IDisposable
{
    private static readonly int[] s_tokens = [.. Enumerable.Range(0, 40).Select(i => 3 + (i * 37 % 280))];

    private readonly TemporaryFolder _folder = new();

    public static TheoryData<GgmlType> Types => [.. TensorCodec.Encodable];

    public void Dispose() => _folder.Dispose();

    // Float formats differ by the order of sums (2e-4 of the largest logit). With quantised weights activations are rounded to 8 bits by blocks of 32: of normal
    // numbers the largest is about 2.2 deviations, so a rounding errs by 2.2 / 127 / sqrt(12) = 0.5 % of a deviation, and 2 layers of 4 inputs and the head
    // add up to 1.5 %; held to three times that.
    [Theory]
    [MemberData(nameof(Types))]
    public void Logits_are_the_decoders(GgmlType type)
    {
        string path = Requantised.Write(Source(), Path.Combine(_folder.Path, "typed.gguf"), type);
        float[] expected;
        using (GgufFile file = GgufFile.Open(path))
        using (EngineSession session = new(new GgufWeights(file), new(2, 64, 64), (_, _) => [], bos: null)) expected = LlamaCpp.Of(session, s_tokens);
        using TestRun run = new(path, context: 64, kv: KvFormat.F32), one = new(path, context: 64, kv: KvFormat.F32);
        float[] batched = run.Batched(s_tokens), decoded = one.Decoded(s_tokens);
        double bound = type.Info().IsQuantised ? 0.045 : 2e-4;
        Assert.InRange(Distance(expected, batched), 0, bound);
        Assert.InRange(Distance(expected, decoded), 0, bound);
    }

    [Fact]
    public void What_is_only_dequantised_is_packed_as_half_and_said()
    {
        string path = Requantised.Write(Source(), Path.Combine(_folder.Path, "typed.gguf"), GgmlType.Q8_0);
        using GgufFile file = GgufFile.Open(path);
        Assert.Equal("Q8_0 15", new DecoderPlan(file).Formats);
    }

    private string Source()
    {
        string path = Path.Combine(_folder.Path, "source.gguf");
        new RandomCheckpoint(new TransformerShape { Architecture = "llama", Layers = 2, Width = 256, Heads = 4, KvHeads = 2, Ffn = 512, Vocabulary = 288 }, 1).Write(path, 1);
        return Requantised.Write(path, Path.Combine(_folder.Path, "f32.gguf"), GgmlType.F32);
    }

    // Root mean square of the difference over that of the reference.
    private static double Distance(float[] expected, float[] actual) =>
        Math.Sqrt(expected.Zip(actual, (a, b) => ((double)a - b) * ((double)a - b)).Sum() / expected.Sum(a => (double)a * a));
}
