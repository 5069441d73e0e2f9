using System.Security.Cryptography;
using System.Text;
using CsCheck;
using EdgeBench.Core.Problems;
using EdgeBench.Models.Gguf;
using EdgeBench.Models.Tokenizers;
using EdgeBench.Models.Tokenizers.Training;
using EdgeBench.Testing;

namespace EdgeBench.Models.Tests.Tokenizers;

public sealed class BytePairTrainerTests : IDisposable
{
    private const string End = "<|endoftext|>";

    // The corpus of Hugging Face's course, chapter 6, section 5 (github.com/huggingface/course, chapters/en/chapter6/5.mdx).
    private static readonly string[] s_course =
    [
        "This is the Hugging Face course.\n", "This chapter is about tokenization.\n", "This section shows several tokenizer algorithms.\n",
        "Hopefully, you will be able to understand how they are trained and generate tokens.\n",
    ];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_course_s_words_give_the_merges_that_the_course_derives_by_hand()
    {
        // hug 10 times, pug 5, pun 12, bun 4, hugs 5: the course's ug, un, hug.
        string text = Repeat("hug ", 10) + Repeat("pug ", 5) + Repeat("pun ", 12) + Repeat("bun ", 4) + Repeat("hugs ", 5);
        IEnumerable<string> words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal([("u", "g"), ("u", "n"), ("h", "ug")], BytePairTrainer.Train(words, new() { Vocabulary = 256 + 3 }).Merges);
    }

    [Fact]
    public void The_library_s_own_test_gives_the_library_s_merges()
    {
        // github.com/huggingface/tokenizers, tokenizers/src/models/bpe/trainer.rs, test_train: no more than three pairs occur twice.
        string[] words = ["roses", "are", "are", "red", "voilets", "blue", "BERT", "is", "is", "big", "and", "so", "GPT-2"];
        Assert.Equal([("r", "e"), ("a", "re"), ("i", "s")], BytePairTrainer.Train(words, new() { Vocabulary = 30_000, MinFrequency = 2, PreTokenizer = "gpt-2" }).Merges);
    }

    [Fact]
    public void The_course_s_corpus_gives_the_merges_of_the_library()
    {
        // What tokenizers 0.23.2 (npm) trains on these lines with ByteLevel(add_prefix_space: false): its first 40 merges.
        const string Expected = "Ġ t|e r|i s|Ġ a|e n|Ġt o|T h|k en|n d|o u|s e|Ġto ken|Th is|a t|h e|h o|i n|i o|i z|l l|Ġ c|Ġ is|Ġ se|Ġt he|Ġa b|Ġtoken iz|ho w|io n|F a|H o|H u|a l|a p|a nd|a in|b e|c e|c t|e d|e f";
        TrainedTokenizer trained = BytePairTrainer.Train(s_course, new() { Vocabulary = 256 + 40, MinFrequency = 1, PreTokenizer = "gpt-2" });
        Assert.Equal(Expected, string.Join('|', trained.Merges.Select(merge => $"{merge.Left} {merge.Right}")));
    }

    [Theory]
    // SHA-256 of the first merges, "left right" joined by line feeds, as tokenizers 0.23.2 (npm) trains them on the file.
    [InlineData("data/tinystories-a.txt", "gpt-2", 5312, "e198d261da8f5049944c5a564c41d6eaecb9e8eeca75c812633a5c08c97baaa4")]
    [InlineData("data/tinystories-a.txt", "smollm", 5301, "4e9951eb2d89cc401b851f02a7a28061c2945b6d27f060357a3df40230c4d6f2")]
    [InlineData("data/wikitext2-valid.txt", "gpt-2", 8000, "41fa7392b63100021385f351dbd59d6b1b2b9ed92a28b5547036baf9001caf3f")]
    [InlineData("data/wikitext2-valid.txt", "smollm", 8000, "39c5a5d8be4abdd658580c9d98111debda989ee137d04f6d8bb0f32818cb58b8")]
    public void Long_texts_give_the_merges_of_the_library(string file, string preTokenizer, int merges, string sha256)
    {
        TrainedTokenizer trained = BytePairTrainer.TrainOnFiles([RepositoryFiles.Shared(file)], new() { Vocabulary = 256 + merges, MinFrequency = 1, PreTokenizer = preTokenizer });
        Assert.Equal(merges, trained.Merges.Count);
        Assert.Equal(sha256, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', trained.Merges.Select(merge => $"{merge.Left} {merge.Right}"))))));
    }

    [Fact]
    public void Any_words_give_the_merges_of_the_definition() =>
        Gen.Select(Gen.String[Gen.Char["aabbc"], 1, 12].Array[1, 30], Gen.Int[1, 4], Gen.Int[1, 40]).Sample((words, least, most) =>
        {
            List<(string, long)> counted = [.. words.GroupBy(word => word).Select(group => (group.Key, (long)group.Count()))];
            List<(string, string)> expected = NaiveTrainer.Merges(counted, ["a", "b", "c"], most, least);
            BytePairTraining training = new() { Vocabulary = 256 + most, MinFrequency = least };
            if (expected.Count == 0)
            {
                Assert.Throws<EdgeBenchException>(() => BytePairTrainer.Train(words, training));
                return;
            }
            TrainedTokenizer trained = BytePairTrainer.Train(words, training);
            Assert.Equal(expected, trained.Merges);
            Assert.Equal(trained.Tokens.Count, trained.Tokens.Distinct().Count());
        }, iter: 500);

    [Fact]
    public void Every_text_comes_back_from_its_ids()
    {
        ITokenizer tokenizer = Course().Tokenizer;
        Gen.String[Gen.Char, 0, 60].Sample(drawn =>
        {
            string text = Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(drawn));
            Assert.Equal(text, tokenizer.Decode(tokenizer.Encode(text, addSpecial: false, parseSpecial: false), special: true));
        });
        Assert.Equal("🦙 naïve\r\n\t" + End, tokenizer.Decode(tokenizer.Encode("🦙 naïve\r\n\t" + End, addSpecial: false, parseSpecial: false), special: true));
    }

    [Fact]
    public void Training_again_gives_the_same_bytes_in_whatever_order_texts_come()
    {
        Course().Write(_folder.File("one"));
        BytePairTrainer.Train(s_course.Reverse(), Training()).Write(_folder.File("two"));
        foreach (string name in new[] { "tokenizer.json", "tokenizer_config.json" })
            Assert.Equal(File.ReadAllBytes(_folder.File($"one/{name}")), File.ReadAllBytes(_folder.File($"two/{name}")));
        Assert.DoesNotContain((byte)'\r', File.ReadAllBytes(_folder.File("one/tokenizer.json")));
    }

    [Fact]
    public void Folder_and_GGUF_file_give_the_ids_of_the_trained_tokenizer()
    {
        TrainedTokenizer trained = Course();
        trained.Write(_folder.Path);
        ITokenizer folder = TokenizerFactory.FromFolder(_folder.Path);
        ITokenizer gguf = TokenizerFactory.FromGguf(trained.GgufMetadata().ToDictionary(entry => entry.Key, entry => entry.Value), "trained.gguf");
        string[] texts = [.. s_course, "12 tokens, naïve 🦙 they'll\n\n  be", End + "This" + End];
        foreach (ITokenizer read in new[] { folder, gguf })
        {
            Assert.Equal((trained.Tokens.Count, 1, 0), (read.Vocabulary, read.Bos, read.Eos));
            foreach (string text in texts)
            {
                foreach (bool parse in new[] { false, true })
                    Assert.Equal(trained.Tokenizer.Encode(text, addSpecial: true, parse), read.Encode(text, addSpecial: true, parse));
            }
        }
        Assert.Equal([1, 0, trained.Tokens.ToList().IndexOf("This"), 0], gguf.Encode(End + "This" + End, addSpecial: true, parseSpecial: true));
    }

    [Fact]
    public void The_entries_for_a_GGUF_file_are_those_of_the_imported_folder()
    {
        TrainedTokenizer trained = Course();
        trained.Write(_folder.Path);
        Assert.Equal(Imported.Metadata(_folder.Path, trained.Tokens.Count).Select(Shown).Order(), trained.GgufMetadata().Select(Shown).Order());
    }

    [Fact]
    public void Nothing_is_learnt_from_special_tokens_in_a_text()
    {
        TrainedTokenizer trained = BytePairTrainer.Train([End + "ab" + End + "ab" + End], new() { Vocabulary = 300, SpecialTokens = [End] });
        Assert.Equal([("a", "b")], trained.Merges);
        Assert.Equal(End, trained.Tokens[0]);
    }

    private static TrainedTokenizer Course() => BytePairTrainer.Train(s_course, Training());

    private static BytePairTraining Training() => new() { Vocabulary = 300, SpecialTokens = [End, "<|start|>", "<|pad|>"], Bos = "<|start|>", Eos = End, Padding = "<|pad|>", AddBos = true };

    private static string Repeat(string text, int times) => string.Concat(Enumerable.Repeat(text, times));

    private static string Shown(KeyValuePair<string, GgufValue> entry) =>
        entry.Value.AsArray() is { } array ? $"{entry.Key}: {string.Join('|', array.Elements.Cast<object>())}" : $"{entry.Key}: {entry.Value.AsText() ?? entry.Value.Raw?.ToString()}";
}
