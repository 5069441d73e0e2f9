using System.Security.Cryptography;
using System.Text.Json;
using EdgeBench.Models.Gguf;
using EdgeBench.Testing;

namespace EdgeBench.Compression.Tests;

/// <summary>
/// Against llama-quantize: SHA-256 of five tensors of SmolLM2-135M, its Q4_1 file dequantised to float32 and quantised with <c>--pure</c>.
/// </summary>
public class GoldenPtqTests
{
    [Theory]
    [InlineData("q8_0", "Q8_0-pure")]
    [InlineData("q4_0", "Q4_0-pure")]
    [InlineData("q4_1", "Q4_1-pure")]
    [InlineData("q5_0", "Q5_0-pure")]
    [InlineData("q5_1", "Q5_1-pure")]
    [InlineData("q4_k", "Q4_K-pure")]
    [InlineData("q5_k", "Q5_K-pure")]
    [InlineData("q6_k", "Q6_K-pure")]
    public void Converting_and_quantising_gives_llama_cpps_bytes(string type, string section)
    {
        using GgufFile model = GgufFile.Open(RepositoryFiles.Shared("models/smollm2-135m-instruct/SmolLM2-135M-Instruct.Q4_1.gguf"));
        using JsonDocument golden = JsonDocument.Parse(File.ReadAllText(RepositoryFiles.Shared("golden/hashes-five-tensors.json")));
        JsonProperty[] expected = [.. golden.RootElement.GetProperty("A").GetProperty(section).EnumerateObject()];
        Assert.Equal(5, expected.Length);

        using TemporaryFolder folder = new();
        GgufWriter.Write(folder.File("five.gguf"), model.Metadata, [.. expected.Select(e => model.Find(e.Name)!).Select(t =>
            new GgufTensorSource(t.Name, t.Type, t.Dimensions, output => output.Write(model.Data(t))))]);
        TinyModel.Apply("convert", """{"weights":"f32"}""", folder.File("five.gguf"), folder.File("f32.gguf")).Dispose();
        using GgufFile output = TinyModel.Apply("ptq", $$"""{"weights":"{{type}}","embeddings":"{{EmbeddingOf(type)}}"}""", folder.File("f32.gguf"), folder.File("out.gguf"));

        Assert.All(expected, e => Assert.Equal(
            e.Value.GetProperty("sha256").GetString(), Convert.ToHexStringLower(SHA256.HashData(output.Data(output.Find(e.Name)!)))));
        Assert.All(expected, e => Assert.Equal(e.Value.GetProperty("type").GetString(), output.Find(e.Name)!.Type.ToString()));
    }

    // What llama.cpp falls back to where 576 columns do not divide by 256.
    private static string EmbeddingOf(string type) => type switch
    {
        "q4_k" => "q5_0",
        "q5_k" => "q5_1",
        "q6_k" => "q8_0",
        _ => type,
    };
}
