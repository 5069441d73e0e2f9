using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;
using EdgeBench.Compression.Folding;
using EdgeBench.Engine.Decoding;
using EdgeBench.Models.Gguf;
using EdgeBench.Testing;

namespace EdgeBench.Compression.Tests;

/// <summary>
/// Against llama-quantize: SHA-256 of five tensors of SmolLM2-135M, its Q4_1 file dequantised to float32 (A) and folded (B), quantised with <c>--pure</c>.
/// </summary>
public class GoldenPtqTests(GoldenPtqTests.FiveTensors tensors) : IClassFixture<GoldenPtqTests.FiveTensors>
{
    public static TheoryData<string, string> Cases =>
        [.. new[] { "A", "B" }.SelectMany(model => new[] { "q8_0", "q4_0", "q4_1", "q5_0", "q5_1", "q4_k", "q5_k", "q6_k" }.Select(type => (model, type)))];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Quantising_gives_llama_cpps_bytes(string model, string type)
    {
        string input = tensors.Float32(model);
        using TemporaryFolder folder = new();
        using GgufFile output = TinyModel.Apply("ptq", $$"""{"weights":"{{type}}","embeddings":"{{EmbeddingOf(type)}}"}""", input, folder.File("out.gguf"));
        Check(output, model, $"{type.ToUpperInvariant()}-pure");
    }

    [Theory]
    [InlineData("A")]
    [InlineData("B")]
    public void Dequantising_and_folding_give_the_same_float32(string model)
    {
        using GgufFile input = GgufFile.Open(tensors.Float32(model));
        Check(input, model, "F32");
    }

    private static void Check(GgufFile output, string model, string section)
    {
        using JsonDocument golden = JsonDocument.Parse(File.ReadAllText(RepositoryFiles.Shared("golden/hashes-five-tensors.json")));
        JsonProperty[] expected = [.. golden.RootElement.GetProperty(model).GetProperty(section).EnumerateObject()];
        Assert.Equal(5, expected.Length);
        Assert.All(expected, e =>
        {
            GgufTensor tensor = output.Find(e.Name)!;
            Assert.Equal(e.Value.GetProperty("type").GetString(), tensor.Type.ToString());
            Assert.Equal(e.Value.GetProperty("sha256").GetString(), Convert.ToHexStringLower(SHA256.HashData(output.Data(tensor))));
        });
    }

    // What llama.cpp falls back to where 576 columns do not divide by 256.
    private static string EmbeddingOf(string type) => type switch
    {
        "q4_k" => "q5_0",
        "q5_k" => "q5_1",
        "q6_k" => "q8_0",
        _ => type,
    };

    /// <summary>The five tensors in float32, of both models, made once.</summary>
    public sealed class FiveTensors : IDisposable
    {
        private static readonly string[] s_names = ["token_embd.weight", "blk.0.attn_q.weight", "blk.7.ffn_down.weight", "blk.15.ffn_up.weight", "blk.29.attn_output.weight"];

        private readonly TemporaryFolder _folder = new();

        public string Float32(string model)
        {
            string path = _folder.File($"{model}.gguf");
            if (File.Exists(path)) return path;
            using GgufFile file = GgufFile.Open(RepositoryFiles.Shared("models/smollm2-135m-instruct/SmolLM2-135M-Instruct.Q4_1.gguf"));
            GgufWeights weights = new(file);
            IWeights chosen = model == "A" ? weights : new FoldedReference(weights);
            GgufWriter.Write(path, file.Metadata, [.. s_names.Select(name => new GgufTensorSource(name, GgmlType.F32, file.Find(name)!.Dimensions,
                output => output.Write(MemoryMarshal.AsBytes<float>(chosen.Load(name)))))]);
            return path;
        }

        public void Dispose() => _folder.Dispose();
    }
}
