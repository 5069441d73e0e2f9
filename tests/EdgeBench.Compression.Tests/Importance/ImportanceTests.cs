using EdgeBench.Compression.Calibration;
using EdgeBench.Compression.Importance;
using EdgeBench.Compression.Passes;
using EdgeBench.Core.Problems;
using EdgeBench.Core.Trials;
using EdgeBench.Engine.Decoding;
using EdgeBench.Models.Gguf;
using EdgeBench.Models.Imatrix;
using EdgeBench.Testing;

namespace EdgeBench.Compression.Tests.Importance;

public class ImportanceTests
{
    [Fact]
    public void Important_columns_keep_more_and_the_file_says_what_was_used()
    {
        using TemporaryFolder folder = new();
        using GgufFile input = GgufFile.Open(TinyModel.Write(folder.File("in.gguf"), ffn: 512));
        // The first quarter of the columns of one matrix counts, the rest hardly.
        float[] sums = [.. Enumerable.Range(0, 512).Select(i => i < 128 ? 100f : 0.01f)];
        ImportanceFile.Write(folder.File("i.gguf"), new ImportanceMatrix { Entries = new Dictionary<string, ImportanceEntry> { ["blk.0.ffn_down.weight"] = new(sums, [1]) }, ChunkCount = 3, ChunkSize = 512 });
        foreach (string type in new[] { "q4_0", "q4_1", "q5_0", "q5_1", "q4_k", "q5_k" })
        {
            (float[] before, float[] plain, _) = Apply(folder, input, $$"""{"weights":"{{type}}"}""");
            (_, float[] weighted, PassReport report) = Apply(folder, input, $$"""{"weights":"{{type}}","importance":"i"}""");
            double Error(float[] after) => before.Zip(after).Select((pair, i) => (i % 512 < 128 ? 100 : 0.01) * Math.Pow(pair.First - (double)pair.Second, 2)).Sum();
            Assert.True(Error(weighted) < Error(plain), type);
            Assert.Equal("1 of 6", report.Facts["importance_matrices"]);
            Assert.Equal("1536", report.Facts["importance_tokens"]);
            Assert.Equal("hash", report.Facts["importance_sha256"]);
        }
        Assert.Equal(["i"], PassRegistry.Find("ptq").DataFiles(TinyModel.Json("""{"importance":"i"}""")));
        Assert.Contains("with importance", PassRegistry.Find("ptq").Asked(TinyModel.Json("""{"importance":"i"}""")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("blk.0.ffn_down.weight", 64, "for 1 x 64 columns")]
    [InlineData("other.weight", 96, "none of the importance matrix's names")]
    public void An_importance_matrix_of_another_model_is_refused(string name, int columns, string message)
    {
        using TemporaryFolder folder = new();
        using GgufFile input = GgufFile.Open(TinyModel.Write(folder.File("in.gguf"), ffn: 96));
        ImportanceMatrix matrix = new() { Entries = new Dictionary<string, ImportanceEntry> { [name] = new(new float[columns], [1]) } };
        EdgeBenchException problem = Assert.Throws<EdgeBenchException>(() => ImportanceWeights.Of(input, matrix, "i.gguf"));
        Assert.Contains(message, problem.Message, StringComparison.Ordinal);
        Assert.Contains("i.gguf", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_collected_matrix_holds_the_squares_of_what_each_weight_reads()
    {
        using GgufFile file = GgufFile.Open(RepositoryFiles.Shared("models/stories260k/stories260K-F16.gguf"));
        GgufWeights weights = new(file);
        int[][] sequences = [[1, 5, 9, 40, 77, 300], [1, 8, 20, 3, 11, 12]];
        ImportanceMatrix matrix = ImportanceCollector.Collect(weights, new CalibrationTokens(sequences), "text", null, TestContext.Current.CancellationToken);
        Assert.Equal(file.Tensors.Where(t => MatrixTargets.PartOf(t) == MatrixPart.Inner).Select(t => t.Name).Order(), matrix.Entries.Keys.Order());
        Assert.Equal((2L, 6L), (matrix.ChunkCount, matrix.ChunkSize));

        // What attn_q of the first layer reads: the embedding's rows, normed.
        float[] embedding = weights.Load("token_embd.weight"), gain = weights.Load("blk.0.attn_norm.weight");
        double[] expected = new double[gain.Length];
        foreach (int token in sequences.SelectMany(sequence => sequence))
        {
            float[] row = embedding[(token * gain.Length)..((token + 1) * gain.Length)];
            double scale = 1 / Math.Sqrt(row.Average(x => (double)x * x) + weights.Architecture.NormEpsilon);
            for (int i = 0; i < row.Length; i++) expected[i] += Math.Pow(row[i] * scale * gain[i], 2);
        }
        foreach (string name in new[] { "attn_q", "attn_k", "attn_v" })
        {
            ImportanceEntry entry = matrix.Entries[$"blk.0.{name}.weight"];
            Assert.Equal([12f], entry.Counts);
            Assert.All(expected.Zip(entry.Sums), pair => Assert.Equal(pair.First, pair.Second, pair.First * 1e-4));
        }
    }

    private static (float[] Before, float[] After, PassReport Report) Apply(TemporaryFolder folder, GgufFile input, string parameters)
    {
        PassReport report = PassRegistry.Find("ptq").Apply(input, folder.File("out.gguf"), TinyModel.Json(parameters), new()
        {
            Data = new Dictionary<string, DataFile> { ["i"] = new(folder.File("i.gguf"), "hash") },
            Cancellation = TestContext.Current.CancellationToken,
        });
        using GgufFile output = GgufFile.Open(folder.File("out.gguf"));
        return (TinyModel.Values(input, "blk.0.ffn_down.weight"), TinyModel.Values(output, "blk.0.ffn_down.weight"), report);
    }
}
