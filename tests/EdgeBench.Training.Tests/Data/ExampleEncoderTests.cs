using EdgeBench.Core.Problems;
using EdgeBench.Models.Tokenizers;
using EdgeBench.Suites.Datasets;
using EdgeBench.Training.Data;

namespace EdgeBench.Training.Tests.Data;

public class ExampleEncoderTests
{
    private static readonly ITokenizer s_letters = new Letters(null, 0), s_started = new Letters(1, 0);

    private static DatasetItem Item(string prompt, string answer) => new(prompt, answer, "data.jsonl", 7);

    [Fact]
    public void The_completion_and_the_end_are_learnt()
    {
        Example example = Assert.Single(new ExampleEncoder(s_letters, 64).Pairs([Item("ab", "cd")], "g").Items);
        Assert.Equal(['a', 'b', 'c', 'd', 0], example.Tokens);
        Assert.Equal(2, example.FirstTarget);
        Assert.True(example.Answers);
    }

    [Fact]
    public void A_token_that_starts_texts_comes_first_and_prompts_are_learnt_where_asked()
    {
        Example example = Assert.Single(new ExampleEncoder(s_started, 64, learnsPrompts: true).Pairs([Item("ab", "c")], "g").Items);
        Assert.Equal([1, 'a', 'b', 'c', 0], example.Tokens);
        Assert.Equal(1, example.FirstTarget);
    }

    [Fact]
    public void A_long_prompt_loses_its_beginning_and_is_counted()
    {
        ExampleSet set = new ExampleEncoder(s_started, 5).Pairs([Item("abcdefgh", "xy"), Item("a", "b")], "g");
        Assert.Equal(1, set.Cut);
        Assert.Equal([1, 'g', 'h', 'x', 'y', 0], set.Items[0].Tokens);
        Assert.Equal(3, set.Items[0].FirstTarget);
        Assert.Equal(5, set.Items[0].Length);
    }

    [Fact]
    public void A_completion_that_does_not_fit_names_its_line()
    {
        EdgeBenchException error = Assert.Throws<EdgeBenchException>(() => new ExampleEncoder(s_letters, 4).Pairs([Item("a", "bcdef")], "g"));
        Assert.Contains("line 7", error.Message);
        Assert.Contains("6 tokens", error.Message);
        Assert.Equal("data.jsonl", error.Problems[0].File);
    }

    [Fact]
    public void Texts_are_cut_into_pieces_in_which_each_token_is_learnt_once()
    {
        ExampleSet set = new ExampleEncoder(s_started, 4).Texts(["abcdefghi"], "g");
        Assert.Equal(["\u0001abcd", "defgh", "hi\0"], set.Items.Select(item => string.Concat(item.Tokens.Select(token => (char)token))));
        Assert.Equal("abcdefghi\0", string.Concat(set.Items.SelectMany(item => item.Tokens[item.FirstTarget..]).Select(token => (char)token)));
        Assert.Equal(10, set.Targets);
    }

    private sealed class Letters(int? bos, int? eos) : ITokenizer
    {
        public string Kind => "letters";

        public int Vocabulary => 128;

        public int? Bos => bos;

        public int? Eos => eos;

        public int[] Encode(string text, bool addSpecial, bool parseSpecial) => [.. text.Select(letter => (int)letter)];

        public string Decode(ReadOnlySpan<int> tokens, bool special) => throw new NotSupportedException();
    }
}
