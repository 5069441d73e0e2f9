using EdgeBench.Models.Tokenizers;
using EdgeBench.Models.Tokenizers.Training;
using EdgeBench.Suites.Reference;

namespace EdgeBench.Suites.Tests.Reference;

/// <summary>The texts through a tokenizer that was trained on the mix: 2,048 tokens, sequences of 128.</summary>
public class ReferenceTokensTests
{
    private const int Sequence = 128;

    private static readonly Lazy<ITokenizer> s_tokenizer = new(() => BytePairTrainer.Train(
        ReferenceData.Mix.SelectMany(task => ReferenceData.Generate(1, ReferenceSplit.Train, task).Take(6_000)).Select(item => item.Prompt + item.Completion),
        new() { Vocabulary = 2048, SpecialTokens = ["<|endoftext|>"], Eos = "<|endoftext|>" }).Tokenizer);

    [Fact]
    public void Of_a_thousand_texts_at_most_one_is_longer_than_a_sequence()
    {
        ReferenceItem[] items = [.. Sample(5_000)];
        // One token more ends the text.
        Assert.InRange(items.Count(item => Ids(item.Prompt + item.Completion).Length + 1 > Sequence), 0, items.Length / 1000);
    }

    [Fact]
    public void Tokens_of_prompt_and_completion_are_those_of_both_together() =>
        Assert.All(Sample(300), item => Assert.Equal(Ids(item.Prompt + item.Completion), Ids(item.Prompt).Concat(Ids(item.Completion))));

    private static IEnumerable<ReferenceItem> Sample(int count) => Enum.GetValues<ReferenceTask>()
        .SelectMany(task => Enum.GetValues<ReferenceSplit>().SelectMany(split => ReferenceData.Generate(1, split, task).Take(count)));

    private static int[] Ids(string text) => s_tokenizer.Value.Encode(text, addSpecial: false, parseSpecial: false);
}
