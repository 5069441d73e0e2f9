using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using EdgeBench.Models.Tokenizers.Training;

namespace EdgeBench.Training.Recipes;

/// <summary>A byte-level BPE tokenizer that is trained on the training data.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record TokenizerRecipe
{
    private const string EndOfText = "<|endoftext|>";

    [Description("Tokens: one that ends a text, 256 bytes, and what is learnt. Fewer come out where the texts run out of pairs."), Range(258, 1 << 20)]
    public int Vocabulary { get; init; } = 2048;

    [Description("Occurrences that a pair needs to become a token."), Range(1, int.MaxValue)]
    public int MinFrequency { get; init; } = 2;

    [Description("How texts are split into words: smollm (digits stand alone), gpt-2 and others.")]
    public string PreTokenizer { get; init; } = "smollm";

    internal BytePairTraining Training => new() { Vocabulary = Vocabulary, MinFrequency = MinFrequency, PreTokenizer = PreTokenizer, SpecialTokens = [EndOfText], Eos = EndOfText };
}
