using System.Text;
using EdgeBench.Models.Tokenizers.Splitting;
using EdgeBench.Models.Tokenizers.Unicode;

namespace EdgeBench.Models.Tokenizers.HuggingFace;

/// <summary>Cuts pieces of text into smaller ones, perhaps changing their letters.</summary>
/// <param name="pieces">Not empty ones, in order.</param>
/// <param name="first">Whether the first piece starts the whole text.</param>
internal delegate List<string> PieceStep(List<string> pieces, bool first);

/// <summary>The <c>pre_tokenizer</c> of tokenizer.json.</summary>
internal static class PreTokenizerReader
{
    private const string Gpt2 = @"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+";

    private static readonly string[] s_supported =
        ["Sequence", "ByteLevel", "Split", "Metaspace", "WhitespaceSplit", "Digits", "Punctuation", "BertPreTokenizer", "CharDelimiterSplit"];

    public static PieceStep Read(JsonPart part) => part.IsNull ? (pieces, _) => pieces : part.Type switch
    {
        "Sequence" => Sequence(part),
        "ByteLevel" => ByteLevel(part),
        "Split" => PerPiece(SplitRule.Read(part).Apply),
        "Metaspace" => Metaspace(part),
        "WhitespaceSplit" => PerPiece(new SplitRule(Runes(CodePoints.IsWhiteSpace), SplitBehaviour.Removed, Invert: false).Apply),
        "Digits" => PerPiece(new SplitRule(Runes(point => CodePoints.IsNumber(CodePoints.Category(point))),
            part["individual_digits"].Flag(false) ? SplitBehaviour.Isolated : SplitBehaviour.Contiguous, Invert: false).Apply),
        "Punctuation" => PerPiece(new SplitRule(Runes(IsPunctuation), SplitRule.Behaviour(part, SplitBehaviour.Isolated), Invert: false).Apply),
        "BertPreTokenizer" => Bert,
        "CharDelimiterSplit" => PerPiece(new SplitRule(SplitRule.Literal(part["delimiter"].Letter(" ")), SplitBehaviour.Removed, Invert: false).Apply),
        _ => throw part.Unsupported("pre-tokenizer", s_supported),
    };

    /// <summary>White space parts words and goes; punctuation stands alone.</summary>
    public static List<string> Bert(List<string> pieces, bool first)
    {
        SplitRule spaces = new(Runes(CodePoints.IsWhiteSpace), SplitBehaviour.Removed, Invert: false);
        SplitRule punctuation = new(Runes(IsPunctuation), SplitBehaviour.Isolated, Invert: false);
        return [.. pieces.SelectMany(spaces.Apply).SelectMany(punctuation.Apply)];
    }

    private static PieceStep Sequence(JsonPart part)
    {
        PieceStep[] steps = [.. part["pretokenizers"].Items().Select(Read)];
        return (pieces, first) => steps.Aggregate(pieces, (current, step) => step(current, first));
    }

    private static PieceStep ByteLevel(JsonPart part)
    {
        bool prefix = part["add_prefix_space"].Flag(true);
        SplitChain words = new(part["use_regex"].Flag(true) ? [new RegexSplitter(Gpt2)] : []);
        return (pieces, _) =>
        {
            List<string> output = new(pieces.Count);
            foreach (string piece in pieces)
            {
                string whole = prefix && !piece.StartsWith(' ') ? $" {piece}" : piece;
                foreach (Piece word in words.Split(whole)) output.Add(ByteAlphabet.Encode(whole.AsSpan(word.Start, word.Length)));
            }
            return output;
        };
    }

    private static PieceStep Metaspace(JsonPart part)
    {
        string mark = part["replacement"].Letter("▁");
        string scheme = part["prepend_scheme"].Text() ?? (part["add_prefix_space"].Flag(true) ? "always" : "never");
        if (scheme is not ("always" or "first" or "never")) throw part["prepend_scheme"].Refused($"'{scheme}'", "always, first or never");
        SplitRule words = new(SplitRule.Literal(mark), SplitBehaviour.MergedWithNext, Invert: false);
        bool splits = part["split"].Flag(true);
        return (pieces, first) =>
        {
            List<string> output = new(pieces.Count);
            for (int i = 0; i < pieces.Count; i++)
            {
                string marked = pieces[i].Replace(" ", mark, StringComparison.Ordinal);
                bool prepends = scheme == "always" || (scheme == "first" && first && i == 0);
                if (prepends && !marked.StartsWith(mark, StringComparison.Ordinal)) marked = mark + marked;
                if (splits) output.AddRange(words.Apply(marked));
                else output.Add(marked);
            }
            return output;
        };
    }

    private static PieceStep PerPiece(Func<string, IEnumerable<string>> split) => (pieces, _) => [.. pieces.SelectMany(split)];

    private static Func<string, IEnumerable<Piece>> Runes(Predicate<int> holds) => text => Matching(text, holds);

    private static IEnumerable<Piece> Matching(string text, Predicate<int> holds)
    {
        int at = 0;
        foreach (Rune rune in text.EnumerateRunes())
        {
            if (holds(rune.Value)) yield return new Piece(at, rune.Utf16SequenceLength);
            at += rune.Utf16SequenceLength;
        }
    }

    private static bool IsPunctuation(int point) =>
        point < 0x80 ? char.IsPunctuation((char)point) || char.IsSymbol((char)point) : CodePoints.IsPunctuation(CodePoints.Category(point));
}
