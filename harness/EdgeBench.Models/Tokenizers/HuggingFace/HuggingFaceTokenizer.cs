using System.Text.RegularExpressions;
using EdgeBench.Core.Problems;
using EdgeBench.Models.Tokenizers.Unicode;

namespace EdgeBench.Models.Tokenizers.HuggingFace;

/// <summary>The parts of a tokenizer.json.</summary>
internal sealed record HuggingFaceParts
{
    public required string Kind { get; init; }

    public required TokenVocabulary Vocabulary { get; init; }

    public required ITextEncoder Encoder { get; init; }

    public required IReadOnlyList<AddedToken> Added { get; init; }

    public required Func<string, string> Normalize { get; init; }

    public required PieceStep Split { get; init; }

    public required PostProcessor Around { get; init; }

    public required Func<IReadOnlyList<string>, IReadOnlyList<string>> Decode { get; init; }

    public int? Eos { get; init; }
}

/// <summary>A tokenizer as the tokenizers library runs it: added tokens, normaliser, added tokens again, pre-tokenizer, model, template.</summary>
internal sealed class HuggingFaceTokenizer : ITokenizer
{
    private readonly HuggingFaceParts _parts;
    private readonly AddedTokenSplitter _raw;
    private readonly AddedTokenSplitter _normalized;
    private readonly Dictionary<int, AddedToken> _added;

    public HuggingFaceTokenizer(HuggingFaceParts parts)
    {
        _parts = parts;
        _added = parts.Added.ToDictionary(token => token.Id);
        _raw = new AddedTokenSplitter(parts.Added.Where(token => !token.Normalized));
        _normalized = new AddedTokenSplitter(parts.Added.Where(token => token.Normalized)
            .Select(token => token with { Content = parts.Normalize(token.Content) }).Where(token => token.Content.Length > 0));
        Vocabulary = Math.Max(parts.Vocabulary.Count, parts.Added.Select(token => token.Id + 1).DefaultIfEmpty(0).Max());
    }

    public string Kind => _parts.Kind;

    public int Vocabulary { get; }

    public int? Bos => _parts.Around.Before is [int only] ? only : null;

    public int? Eos => _parts.Eos;

    public int[] Encode(string text, bool addSpecial, bool parseSpecial)
    {
        ArgumentNullException.ThrowIfNull(text);
        List<int> tokens = new(16 + (text.Length / 3));
        if (addSpecial) tokens.AddRange(_parts.Around.Before);
        try
        {
            Section whole = new(-1, CodePoints.WellFormed(text), First: true);
            foreach (Section raw in whole.Text.Length > 0 ? _raw.Split(whole, parseSpecial) : [])
            {
                if (raw.Token >= 0) tokens.Add(raw.Token);
                else EncodeSection(raw with { Text = _parts.Normalize(raw.Text) }, parseSpecial, tokens);
            }
        }
        catch (RegexMatchTimeoutException error)
        {
            throw new EdgeBenchException(ExitCode.BadInput, new Problem("a pattern of the tokenizer does not come to an end on this text", "a pattern that takes time linear in the text",
                "Use a model with another tokenizer, or its GGUF file."), error);
        }
        if (addSpecial) tokens.AddRange(_parts.Around.After);
        return [.. tokens];
    }

    public string Decode(ReadOnlySpan<int> tokens, bool special)
    {
        List<string> texts = new(tokens.Length);
        foreach (int token in tokens)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(token, nameof(tokens));
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(token, Vocabulary, nameof(tokens));
            if (!_added.TryGetValue(token, out AddedToken? added)) texts.Add(token < _parts.Vocabulary.Count ? _parts.Vocabulary.Texts[token] : "");
            else if (special || !added.Special) texts.Add(added.Content);
        }
        return string.Concat(_parts.Decode(texts));
    }

    private void EncodeSection(Section section, bool parseSpecial, List<int> tokens)
    {
        if (section.Text.Length == 0) return;
        foreach (Section part in _normalized.Split(section, parseSpecial))
        {
            if (part.Token >= 0)
            {
                tokens.Add(part.Token);
                continue;
            }
            foreach (string word in _parts.Split([part.Text], part.First))
            {
                if (word.Length > 0) _parts.Encoder.Encode(word, tokens);
            }
        }
    }
}
