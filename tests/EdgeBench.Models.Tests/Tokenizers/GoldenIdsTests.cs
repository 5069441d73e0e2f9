using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using EdgeBench.Models.Gguf;
using EdgeBench.Models.Tokenizers;
using EdgeBench.Testing;

namespace EdgeBench.Models.Tests.Tokenizers;

/// <summary>Ids that others computed for whole texts.</summary>
public class GoldenIdsTests
{
    [Theory]
    [InlineData("valid")]
    [InlineData("calib")]
    public void Ids_of_a_long_text_have_the_golden_count_start_and_hashes(string part)
    {
        using JsonDocument golden = JsonDocument.Parse(File.ReadAllText(RepositoryFiles.Shared("golden/compression-valid.json")));
        JsonElement slices = golden.RootElement.GetProperty("settings").GetProperty("slices"), own = slices.GetProperty(part);
        byte[] bytes = File.ReadAllBytes(RepositoryFiles.Shared("data/wikitext2-valid.txt"));
        int cut = slices.GetProperty("cut").GetInt32();
        string text = Encoding.UTF8.GetString(part == "valid" ? bytes[..cut] : bytes[cut..]);

        int[] ids = Read("smollm2-135m-instruct/SmolLM2-135M-Instruct.Q4_1.gguf").Encode(text, addSpecial: false, parseSpecial: false);

        Assert.Equal(own.GetProperty("tokens_total").GetInt32(), ids.Length);
        Assert.Equal(own.GetProperty("first_ids").EnumerateArray().Select(id => id.GetInt32()), ids[..16]);
        foreach (JsonProperty slice in own.GetProperty("slices").EnumerateObject())
        {
            byte[] hashed = MemoryMarshal.AsBytes(ids.AsSpan(0, int.Parse(slice.Name))).ToArray();
            Assert.Equal(slice.Value.GetProperty("sha256_ids_int32_le").GetString(), Convert.ToHexStringLower(SHA256.HashData(hashed)));
        }
    }

    [Theory]
    [InlineData("valid")]
    [InlineData("calib")]
    public void Stories_of_the_golden_ids_decode_and_encode_again(string part)
    {
        int[][] golden = JsonSerializer.Deserialize<int[][]>(File.ReadAllText(RepositoryFiles.Shared($"golden/stories15M-ids-{part}.json")))!;
        ITokenizer tokenizer = Read("stories15m/stories15M-F16.gguf");
        // A row is several stories, each after BOS; the last one of a row is cut off, perhaps within a word.
        int[][] stories = [.. golden.SelectMany(Stories)];
        int[][] again = [.. stories.Select(ids => tokenizer.Encode(tokenizer.Decode(ids, special: false), addSpecial: true, parseSpecial: false))];
        Assert.All(stories.Zip(again), pair => Assert.Equal(tokenizer.Decode(pair.First, special: false), tokenizer.Decode(pair.Second, special: false)));
        // A model wrote them, and spelt a word in other tokens than its tokenizer would here and there.
        Assert.InRange(stories.Zip(again).Count(pair => pair.First.AsSpan().SequenceEqual(pair.Second)), 0.96 * stories.Length, stories.Length - 1);
    }

    [Fact]
    public void A_long_text_takes_seconds_at_most_and_so_does_one_without_spaces()
    {
        ITokenizer tokenizer = Read("smollm2-135m-instruct/SmolLM2-135M-Instruct.Q4_1.gguf");
        string text = File.ReadAllText(RepositoryFiles.Shared("data/wikitext2-valid.txt"));
        foreach (string hard in new[] { text, text.Replace(" ", "", StringComparison.Ordinal), new string('a', 1 << 20), new string(' ', 1 << 20) + "a", new string('\u0301', 1 << 20) })
        {
            long start = Stopwatch.GetTimestamp();
            tokenizer.Encode(hard, addSpecial: true, parseSpecial: true);
            TestContext.Current.TestOutputHelper!.WriteLine($"{hard[..8]}: {Stopwatch.GetElapsedTime(start).TotalSeconds:F2} s");
            Assert.InRange(Stopwatch.GetElapsedTime(start).TotalSeconds, 0, 20);
        }
    }

    private static IEnumerable<int[]> Stories(int[] row)
    {
        const int Bos = 1;
        int[] starts = [.. Enumerable.Range(0, row.Length).Where(index => row[index] == Bos)];
        return starts.Zip(starts.Skip(1), (start, end) => row[start..end]);
    }

    private static ITokenizer Read(string model)
    {
        string path = RepositoryFiles.Shared($"models/{model}");
        using GgufFile file = GgufFile.Open(path);
        return TokenizerFactory.FromGguf(file.Metadata, path);
    }
}
