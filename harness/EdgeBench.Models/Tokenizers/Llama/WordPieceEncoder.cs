using System.Globalization;
using System.Text;
using EdgeBench.Models.Tokenizers.Unicode;

namespace EdgeBench.Models.Tokenizers.Llama;

/// <summary>
/// WordPiece as llama.cpp does it: words by white space, punctuation and ideographs, then the longest token at each place; a word with a part
/// that no token spells is the unknown token. Tokens that start a word begin with U+2581. Accents go by keeping a letter's first part.
/// </summary>
internal sealed class WordPieceEncoder(TokenVocabulary vocabulary, int? unknown, bool lowercase, bool stripAccents) : ITextEncoder
{
    private readonly int _longest = vocabulary.Texts.Max(text => text.Length);

    public void Encode(ReadOnlySpan<char> text, List<int> tokens)
    {
        StringBuilder word = new();
        foreach (Rune rune in text.EnumerateRunes())
        {
            int point = stripAccents ? Normalizer.FirstOfDecomposition(rune.Value) : rune.Value;
            UnicodeCategory category = CodePoints.Category(point);
            if (CodePoints.IsWhiteSpace(point))
            {
                Flush(word, tokens);
                continue;
            }
            if (point is 0 or CodePoints.Replacement || CodePoints.IsOther(category) || (stripAccents && CodePoints.IsMark(category))) continue;
            bool alone = CodePoints.IsPunctuation(category) || (point < 0x7F && CodePoints.IsSymbol(category)) || CodePoints.IsBertIdeograph(point);
            if (alone) Flush(word, tokens);
            word.Append(new Rune(lowercase ? CodePoints.ToLower(point) : point).ToString());
            if (alone) Flush(word, tokens);
        }
        Flush(word, tokens);
    }

    private void Flush(StringBuilder word, List<int> tokens)
    {
        if (word.Length == 0) return;
        EncodeWord($"\u2581{word}", tokens);
        word.Clear();
    }

    private void EncodeWord(ReadOnlySpan<char> word, List<int> tokens)
    {
        int first = tokens.Count;
        for (int i = 0; i < word.Length;)
        {
            int length = Math.Min(_longest, word.Length - i), id = -1;
            while (length > 0 && (id = vocabulary.Find(word.Slice(i, length))) < 0) length--;
            if (id < 0)
            {
                tokens.RemoveRange(first, tokens.Count - first);
                if (unknown is { } token) tokens.Add(token);
                return;
            }
            tokens.Add(id);
            i += length;
        }
    }
}
