using System.Text;

namespace EdgeBench.Models.Tokenizers.HuggingFace;

/// <summary>
/// WordPiece of one word: the longest token at each place, with a prefix where it continues the word; a word with a part that no token spells, or
/// of too many letters, is the unknown token. Devlin et al. 2018, https://arxiv.org/abs/1810.04805.
/// </summary>
internal sealed class GreedyWordEncoder(TokenVocabulary vocabulary, int unknown, string prefix, int mostLetters) : ITextEncoder
{
    private readonly int _longest = vocabulary.Texts.Select(text => text.Length).DefaultIfEmpty(0).Max();

    public void Encode(ReadOnlySpan<char> text, List<int> tokens)
    {
        int first = tokens.Count, letters = 0;
        foreach (Rune _ in text.EnumerateRunes()) letters++;
        if (letters > mostLetters)
        {
            tokens.Add(unknown);
            return;
        }
        string continued = prefix + text.ToString();
        for (int i = 0; i < text.Length;)
        {
            int length = Math.Min(text.Length - i, _longest), id = -1;
            for (; length > 0 && id < 0; length--) id = Find(text.Slice(i, length), continued, i, length);
            if (id < 0)
            {
                tokens.RemoveRange(first, tokens.Count - first);
                tokens.Add(unknown);
                return;
            }
            tokens.Add(id);
            i += length + 1;
        }
    }

    private int Find(ReadOnlySpan<char> part, string continued, int start, int length) =>
        start == 0 ? vocabulary.Find(part) : vocabulary.Find(prefix.Length == 0 ? part : string.Concat(prefix, continued.AsSpan(prefix.Length + start, length)));
}
