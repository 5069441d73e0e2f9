using System.Security.Cryptography;
using System.Text.Json;
using EdgeBench.Core.Configuration;
using EdgeBench.Models.Gguf;
using EdgeBench.Testing;

namespace EdgeBench.Models.Tests.Gguf;

/// <summary>Files that others made, and bytes that llama.cpp's own tool made of them.</summary>
public class PublishedFileTests
{
    [Fact]
    public void A_published_file_is_rewritten_with_the_same_bytes()
    {
        string path = RepositoryFiles.Shared("models/stories260k/stories260K-F16.gguf");
        using TemporaryFolder folder = new();
        using GgufFile original = GgufFile.Open(path);
        GgufWriter.Write(folder.File("copy.gguf"), original.Metadata,
            [.. original.Tensors.Select(tensor => new GgufTensorSource(tensor.Name, tensor.Type, tensor.Dimensions, stream => stream.Write(original.Data(tensor))))]);
        using GgufFile copy = GgufFile.Open(folder.File("copy.gguf"));
        MetadataAssert.Same(original.Metadata, copy.Metadata);
        Assert.Equal(Hashes(original), Hashes(copy));
        Assert.Equal(File.ReadAllBytes(path), File.ReadAllBytes(folder.File("copy.gguf")));
    }

    [Fact]
    public void The_shape_of_a_published_file_is_read()
    {
        using GgufFile file = GgufFile.Open(RepositoryFiles.Shared("models/smollm2-135m-instruct/SmolLM2-135M-Instruct.Q4_1.gguf"));
        Assert.Equal(new TransformerShape
        {
            Layers = 30,
            Width = 576,
            Heads = 9,
            KvHeads = 3,
            HeadDim = file.Shape!.HeadDim,
            Ffn = 1536,
            Vocabulary = 49152,
            Context = 8192,
            RopeBase = 100_000,
            NormEpsilon = file.Shape.NormEpsilon,
            TiedEmbeddings = true,
        }, file.Shape);
        Assert.Equal(1e-5, file.Shape.NormEpsilon, 1e-10);
        Assert.Equal(134_515_008, file.Parameters);
    }

    [Theory]
    [InlineData("Q8_0-pure")]
    [InlineData("Q4_0-pure")]
    public void Quantising_a_dequantised_model_gives_the_bytes_of_llama_cpps_tool(string section)
    {
        using GgufFile file = GgufFile.Open(RepositoryFiles.Shared("models/smollm2-135m-instruct/SmolLM2-135M-Instruct.Q4_1.gguf"));
        using JsonDocument golden = JsonDocument.Parse(File.ReadAllText(RepositoryFiles.Shared("golden/hashes-five-tensors.json")));
        int compared = 0;
        foreach (JsonProperty expected in golden.RootElement.GetProperty("A").GetProperty(section).EnumerateObject())
        {
            GgmlType type = Enum.Parse<GgmlType>(expected.Value.GetProperty("type").GetString()!);
            GgufTensor tensor = file.Find(expected.Name)!;
            float[] values = new float[tensor.Elements];
            file.Dequantise(tensor, 0, values);
            byte[] bytes = new byte[type.Bytes(tensor.Elements)];
            TensorCodec.Encode(type, values, bytes);
            Assert.Equal(expected.Value.GetProperty("sha256").GetString(), Convert.ToHexStringLower(SHA256.HashData(bytes)));
            compared++;
        }
        Assert.Equal(5, compared);
    }

    private static string[] Hashes(GgufFile file) => [.. file.Tensors.Select(tensor => $"{tensor.Name} {Convert.ToHexStringLower(SHA256.HashData(file.Data(tensor)))}")];
}
