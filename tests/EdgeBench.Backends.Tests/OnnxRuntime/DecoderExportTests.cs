using EdgeBench.Core.Backends;
using EdgeBench.Models.Gguf;
using EdgeBench.Models.Onnx.Export;
using EdgeBench.Testing;

namespace EdgeBench.Backends.Tests.OnnxRuntime;

/// <summary>Exported models against llama.cpp's logits of the same GGUF file and the same tokens.</summary>
public class DecoderExportTests
{
    public static TheoryData<string> Variants => [.. TinyDecoder.All];

    public static TheoryData<GgmlType> Types => [GgmlType.F16, GgmlType.BF16, .. BlockForm.Types.Intersect(TensorCodec.Encodable)];

    [Theory]
    [MemberData(nameof(Variants))]
    public void Every_architecture_gives_llama_cpps_logits(string variant)
    {
        using TemporaryFolder folder = new();
        string gguf = TinyDecoder.Write(folder.File("tiny.gguf"), variant);
        int[] tokens = OnnxFixture.Tokens(48, TinyDecoder.Vocabulary);
        float[][] expected = OnnxFixture.LlamaCppLogits(gguf, tokens);
        OnnxExportReport report = OnnxFixture.Export(gguf, folder.File("onnx"));
        Assert.Equal(0, report.MaxDeviation);
        using IBackendSession session = OnnxFixture.Open(folder.File("onnx"));
        // The logits' range is about 10. llama.cpp reads gelu from a table of float16 (ggml-cpu/vec.h), which is all that Gemma's share of the bound is for.
        float bound = variant.StartsWith("gemma", StringComparison.Ordinal) ? 1e-2f : 1e-3f;
        Assert.InRange(OnnxFixture.LargestDifference(expected, OnnxFixture.Rows(session, tokens)), 0, bound);
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void Every_storage_type_means_the_same_weights(GgmlType type)
    {
        using TemporaryFolder folder = new();
        string gguf = TinyDecoder.Write(folder.File("tiny.gguf"), "llama", type);
        string dequantised = TinyDecoder.Dequantised(gguf);
        int[] tokens = OnnxFixture.Tokens(32, TinyDecoder.Vocabulary);
        OnnxFixture.Export(dequantised, folder.File("f32"));
        // Level 1 computes with float32 activations, so that nothing but the weights is compared.
        OnnxFixture.Export(gguf, folder.File("onnx"), new() { AccuracyLevel = 1 });
        using IBackendSession plain = OnnxFixture.Open(folder.File("f32")), session = OnnxFixture.Open(folder.File("onnx"));
        Assert.InRange(OnnxFixture.LargestDifference(OnnxFixture.Rows(plain, tokens), OnnxFixture.Rows(session, tokens)), 0, 2e-3f);
    }

    [Fact]
    public void SmolLM2_in_f32_is_within_a_thousandth_of_llama_cpp_on_256_tokens()
    {
        string source = RepositoryFiles.Shared("models/smollm2-135m-instruct/SmolLM2-135M-Instruct.Q4_1.gguf");
        using TemporaryFolder folder = new();
        File.CreateSymbolicLink(folder.File("smollm2.gguf"), source);
        string dequantised = TinyDecoder.Dequantised(folder.File("smollm2.gguf"));
        int[] tokens = OnnxFixture.Tokens(256, 49_152);
        float[][] expected = OnnxFixture.LlamaCppLogits(dequantised, tokens);
        OnnxFixture.Export(dequantised, folder.File("onnx"), new() { ExternalData = ExternalData.Always });
        using IBackendSession session = OnnxFixture.Open(folder.File("onnx"), threads: 2);
        Assert.InRange(OnnxFixture.LargestDifference(expected, OnnxFixture.Rows(session, tokens)), 0, 1e-3f);
    }

    [Theory]
    [InlineData("models/stories15m/stories15M-F16.gguf", 32_000)]
    [InlineData("models/stories260k/stories260K-F16.gguf", 512)]
    public void Stories_are_within_a_thousandth_of_llama_cpp(string relative, int vocabulary)
    {
        using TemporaryFolder folder = new();
        File.CreateSymbolicLink(folder.File("stories.gguf"), RepositoryFiles.Shared(relative));
        string dequantised = TinyDecoder.Dequantised(folder.File("stories.gguf"));
        int[] tokens = OnnxFixture.Tokens(128, vocabulary);
        float[][] expected = OnnxFixture.LlamaCppLogits(dequantised, tokens);
        OnnxFixture.Export(dequantised, folder.File("onnx"));
        using IBackendSession session = OnnxFixture.Open(folder.File("onnx"));
        Assert.InRange(OnnxFixture.LargestDifference(expected, OnnxFixture.Rows(session, tokens)), 0, 1e-3f);
    }
}
