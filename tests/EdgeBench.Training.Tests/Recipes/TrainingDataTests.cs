using EdgeBench.Core.Problems;
using EdgeBench.Models.Tokenizers.Training;
using EdgeBench.Testing;
using EdgeBench.Training.Data;
using EdgeBench.Training.Recipes;

namespace EdgeBench.Training.Tests.Recipes;

public class TrainingDataTests
{
    private static (ExampleSet Training, ExampleSet Validation, Func<Example, string> Text) Encoded(DataRecipe recipe, string folder)
    {
        TrainingData data = new([recipe], written => Path.Combine(folder, written));
        TrainedTokenizer tokenizer = BytePairTrainer.Train(data.Words, new() { Vocabulary = 300, SpecialTokens = ["<|end|>"], Eos = "<|end|>" });
        (ExampleSet training, ExampleSet validation) = data.Encode(tokenizer.Tokenizer, 256, learnsPrompts: false);
        return (training, validation, example => tokenizer.Tokenizer.Decode(example.Tokens, special: false));
    }

    private static string Pairs(TemporaryFolder folder, IEnumerable<(string Prompt, string Completion)> pairs)
    {
        File.WriteAllLines(folder.File("pairs.jsonl"), pairs.Select(pair => $$"""{"prompt":"{{pair.Prompt}}","completion":"{{pair.Completion}}"}"""));
        return "pairs.jsonl";
    }

    [Fact]
    public void Equal_prompts_stay_on_one_side_of_the_split()
    {
        using TemporaryFolder folder = new();
        string file = Pairs(folder, Enumerable.Range(0, 400).Select(i => ($"say number {i % 80} ", $"n{i}")));
        (ExampleSet training, ExampleSet validation, Func<Example, string> text) = Encoded(new() { Files = [file], Validation = 0.2 }, folder.Path);
        string Prompt(Example example) => text(example)[..text(example).LastIndexOf('n')];
        Assert.Equal(400, training.Items.Count + validation.Items.Count);
        Assert.InRange(validation.Items.Count, 30, 140);
        Assert.Empty(training.Items.Select(Prompt).Intersect(validation.Items.Select(Prompt)));
    }

    [Fact]
    public void Labelled_texts_are_asked_as_the_classification_task_asks()
    {
        using TemporaryFolder folder = new();
        File.WriteAllLines(folder.File("l.jsonl"), Enumerable.Range(0, 40).Select(i => $$"""{"text":"t{{i}} here","label":"{{(i % 2 == 0 ? "even" : "odd")}}"}"""));
        (ExampleSet training, ExampleSet validation, Func<Example, string> text) = Encoded(new() { Files = ["l.jsonl"], Validation = 0.25 }, folder.Path);
        Assert.All([.. training.Items, .. validation.Items], item => Assert.Matches("^t[0-9]+ here\nLabel: (even|odd)$", text(item)));
    }

    [Fact]
    public void Templates_are_filled_in()
    {
        using TemporaryFolder folder = new();
        string file = Pairs(folder, Enumerable.Range(0, 30).Select(i => ($"p{i}", $"c{i}")));
        (ExampleSet training, _, Func<Example, string> text) = Encoded(new() { Files = [file], Validation = 0, Prompt = "Q: {text}\nA:", Completion = " [{answer}]" }, folder.Path);
        Assert.Equal("Q: p0\nA: [c0]", text(training.Items[0]));
    }

    [Fact]
    public void A_text_file_falls_into_paragraphs_lines_or_nothing()
    {
        using TemporaryFolder folder = new();
        File.WriteAllText(folder.File("t.txt"), "\none a\none b\r\n\n \ntwo\n\n\nthree\n");
        string[] Texts(TextPieces pieces)
        {
            (ExampleSet training, _, Func<Example, string> text) = Encoded(new() { Text = "t.txt", Pieces = pieces, Validation = 0 }, folder.Path);
            return [.. training.Items.Select(text)];
        }
        Assert.Equal(["one a\none b", "two", "three"], Texts(TextPieces.Paragraphs));
        Assert.Equal(["one a", "one b", "two", "three"], Texts(TextPieces.Lines));
        Assert.Single(Texts(TextPieces.Whole));
    }

    [Fact]
    public void Generated_data_have_splits_of_their_own_and_limits()
    {
        (ExampleSet training, ExampleSet validation, Func<Example, string> text) = Encoded(new() { Generate = "robot", Limit = 120, ValidationLimit = 30 }, ".");
        Assert.Equal((120, 30), (training.Items.Count, validation.Items.Count));
        Assert.Empty(training.Items.Select(text).Intersect(validation.Items.Select(text)));
    }

    [Fact]
    public void What_is_wrong_names_file_and_line()
    {
        using TemporaryFolder folder = new();
        File.WriteAllText(folder.File("bad.jsonl"), "{\"prompt\":\"a\",\"completion\":\"b\"}\n{\"prompt\":\"a\"}\n");
        File.WriteAllText(folder.File("empty.txt"), "\n \n");
        File.WriteAllBytes(folder.File("bytes.txt"), [0x61, 0xFF, 0x62]);
        File.WriteAllLines(folder.File("one.jsonl"), Enumerable.Range(0, 9).Select(i => $$"""{"text":"t{{i}}","label":"same"}"""));
        Refused(new() { Files = ["bad.jsonl"] }, "bad.jsonl", "2");
        Refused(new() { Text = "empty.txt" }, "without a text");
        Refused(new() { Text = "bytes.txt" }, "byte 1");
        Refused(new() { Text = "none.txt" }, "none.txt");
        Refused(new() { Files = ["one.jsonl"] }, "label 'same' on all 9 items");
        Refused(new() { Generate = "hom" }, "Did you mean 'home'?");
        Refused(new(), "without 'generate'");
        Refused(new() { Generate = "home", Text = "t" }, "several of");
        Refused(new() { Generate = "home", Prompt = "no field" }, "{text}");

        void Refused(DataRecipe recipe, params string[] parts)
        {
            EdgeBenchException error = Assert.Throws<EdgeBenchException>(() => new TrainingData([recipe], written => Path.Combine(folder.Path, written)));
            Assert.All(parts, part => Assert.Contains(part, $"{error.Problems[0].File} {error.Problems[0].Line} {error.Message} {error.Problems[0].Remedy}"));
        }
    }

    [Fact]
    public void A_share_that_leaves_one_side_empty_is_refused()
    {
        using TemporaryFolder folder = new();
        string file = Pairs(folder, [("a", "b"), ("c", "d")]);
        EdgeBenchException error = Assert.Throws<EdgeBenchException>(() => new TrainingData([new() { Files = [file], Validation = 0.001 }], written => folder.File(written)));
        Assert.Contains("leaves no item to score", error.Message);
    }
}
