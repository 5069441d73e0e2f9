using EdgeBench.Core.Problems;
using EdgeBench.Models.Files;
using EdgeBench.Models.Folders.Tokenizers;

namespace EdgeBench.Models.Tokenizers.Training;

/// <summary>What a byte-level BPE tokenizer shall be.</summary>
public sealed record BytePairTraining
{
    /// <summary>Every byte is a token.</summary>
    private const int Bytes = 256;

    /// <summary>Most tokens: special ones, 256 bytes, merges. Fewer come out where the texts run out of pairs.</summary>
    public required int Vocabulary { get; init; }

    /// <summary>Occurrences that a pair needs to become a token.</summary>
    public int MinFrequency { get; init; } = 2;

    /// <summary>Their ids are 0, 1, 2 … in this order. Where a text spells one, nothing is learnt from it.</summary>
    public IReadOnlyList<string> SpecialTokens { get; init; } = [];

    /// <summary>One of <see cref="SpecialTokens"/> that starts a text, or null.</summary>
    public string? Bos { get; init; }

    /// <summary>One of <see cref="SpecialTokens"/> that ends a text, or null.</summary>
    public string? Eos { get; init; }

    /// <summary>One of <see cref="SpecialTokens"/> that fills a batch, or null.</summary>
    public string? Padding { get; init; }

    /// <summary>Encoding puts <see cref="Bos"/> before a text.</summary>
    public bool AddBos { get; init; }

    /// <summary>Encoding puts <see cref="Eos"/> after a text.</summary>
    public bool AddEos { get; init; }

    /// <summary>How texts are split into words: the rules of <c>smollm</c> (digits stand alone), <c>gpt-2</c> or another name of README.md's table.</summary>
    public string PreTokenizer { get; init; } = "smollm";

    internal PreTokenizerKind Kind => PreTokenizerKind.Find(PreTokenizer) ?? throw EdgeBenchException.BadInput(
        $"pre-tokenizer {FileErrors.Quoted(PreTokenizer)}", $"one of {string.Join(", ", PreTokenizerKind.All.Select(kind => kind.Name))}",
        Nearest.Question(PreTokenizer, PreTokenizerKind.All.Select(kind => kind.Name)));

    /// <summary>Throws <see cref="EdgeBenchException"/> (bad input) with every problem at once.</summary>
    internal void Check()
    {
        List<Problem> problems = [];
        int least = Bytes + SpecialTokens.Count + 1;
        if (Vocabulary < least || Vocabulary > Folders.Tokenizers.Vocabulary.Limit)
            problems.Add(new($"a vocabulary of {Vocabulary} tokens", $"{least} ({Bytes} bytes, {SpecialTokens.Count} special tokens, one merge) to {Folders.Tokenizers.Vocabulary.Limit}"));
        if (MinFrequency < 1) problems.Add(new($"a least frequency of {MinFrequency}", "1 or more"));
        foreach (string token in SpecialTokens)
        {
            if (token.Length < 2 || token.Any(letter => letter > 0x7E && ByteAlphabet.ByteOf(letter) >= 0))
                problems.Add(new($"special token {FileErrors.Quoted(token)}", "two letters or more, none beyond ASCII that stands for a byte in byte-level BPE (U+00A1 to U+0143)"));
        }
        foreach (IGrouping<string, string> twice in SpecialTokens.GroupBy(token => token).Where(group => group.Count() > 1))
            problems.Add(new($"special token {FileErrors.Quoted(twice.Key)} twice", "each once"));
        foreach ((string role, string? token, bool needed) in new[] { ("Bos", Bos, AddBos), ("Eos", Eos, AddEos), ("Padding", Padding, false) })
        {
            if (token is null ? needed : !SpecialTokens.Contains(token))
                problems.Add(new($"{role} is {(token is null ? "none" : FileErrors.Quoted(token))}", "one of the special tokens", token is null ? null : Nearest.Question(token, SpecialTokens)));
        }
        if (problems.Count > 0) throw new EdgeBenchException(ExitCode.BadInput, problems);
    }
}
