using EdgeBench.Core.Problems;
using EdgeBench.Models.Tokenizers.Training;
using EdgeBench.Testing;

namespace EdgeBench.Models.Tests.Tokenizers;

public sealed class BytePairTrainingRefusalTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("", "texts without a letter")]
    [InlineData("abcdef", "1 different words without a pair of bytes that occurs 2 times")]
    public void Texts_that_teach_nothing_are_refused(string text, string said) => Assert.Contains(said, Refusal([text], new() { Vocabulary = 300 }));

    [Fact]
    public void No_texts_at_all_are_refused() => Assert.Contains("texts without a letter", Refusal([], new() { Vocabulary = 300 }));

    [Fact]
    public void Half_a_surrogate_pair_is_refused_with_its_place() => Assert.Contains("text 2 has half a surrogate pair at 3", Refusal(["abab", "aba\uD800 ab"], new() { Vocabulary = 300 }));

    [Fact]
    public void All_that_is_wrong_with_the_wishes_is_said_at_once()
    {
        string message = Refusal(["abab"], new()
        {
            Vocabulary = 260,
            MinFrequency = 0,
            SpecialTokens = ["<s>", "<s>", "x", "Ġt"],
            Bos = "<S>",
            AddEos = true,
        });
        foreach (string said in new[]
        {
            "a vocabulary of 260 tokens; expected 261 (256 bytes, 4 special tokens, one merge)", "a least frequency of 0", "special token '<s>' twice", "special token 'x'",
            "special token 'Ġt'", "Bos is '<S>'; expected one of the special tokens. Did you mean '<s>'?", "Eos is none",
        }) Assert.Contains(said, message);
    }

    [Fact]
    public void An_unknown_pre_tokenizer_is_refused_with_the_nearest() =>
        Assert.Contains("Did you mean 'smollm'?", Refusal(["abab"], new() { Vocabulary = 300, PreTokenizer = "smolm" }));

    [Fact]
    public void Bytes_that_are_no_UTF_8_are_refused_with_file_and_offset()
    {
        string path = _folder.File("bad.txt");
        File.WriteAllBytes(path, [.. "good line\nbad "u8, 0xC3, 0x28, .. "\n"u8]);
        Assert.Contains($"{path}: byte 14 (0-based) starts no valid character; expected UTF-8", Files(path));
    }

    [Fact]
    public void A_file_that_is_not_there_is_refused_by_name() => Assert.Contains("nowhere.txt", Files(_folder.File("nowhere.txt")));

    [Fact]
    public void Lines_longer_than_the_buffer_and_a_last_one_without_a_feed_are_read_whole()
    {
        string path = _folder.File("long.txt"), line = string.Concat(Enumerable.Repeat("été ", 60_000));
        File.WriteAllText(path, $"{line}\r\n\n{line}");
        Assert.Equal([$"{line}\r\n", "\n", line], TrainingLines.Of(path));
    }

    private static string Refusal(string[] texts, BytePairTraining training)
    {
        EdgeBenchException error = Assert.Throws<EdgeBenchException>(() => BytePairTrainer.Train(texts, training));
        Assert.Equal(ExitCode.BadInput, error.ExitCode);
        return error.Message;
    }

    private static string Files(string path) => Assert.Throws<EdgeBenchException>(() => BytePairTrainer.TrainOnFiles([path], new() { Vocabulary = 300 })).Message;
}
