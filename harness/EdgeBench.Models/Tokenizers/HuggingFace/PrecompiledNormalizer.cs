using System.Globalization;
using System.Text;
using EdgeBench.Models.Tokenizers.Unigram;

namespace EdgeBench.Models.Tokenizers.HuggingFace;

/// <summary>
/// SentencePiece's character map as the tokenizers library applies it: a grapheme of fewer than six bytes is looked up whole, others by their code
/// points; what has no entry stays.
/// </summary>
internal sealed class PrecompiledNormalizer(CharacterMap map)
{
    private const int LongestGrapheme = 5;

    public string Normalize(string text)
    {
        List<byte> output = new(text.Length + 8);
        TextElementEnumerator graphemes = StringInfo.GetTextElementEnumerator(text);
        while (graphemes.MoveNext())
        {
            string grapheme = graphemes.GetTextElement();
            byte[] bytes = Encoding.UTF8.GetBytes(grapheme);
            if (bytes.Length <= LongestGrapheme && TryAppend(bytes, output)) continue;
            foreach (Rune rune in grapheme.EnumerateRunes())
            {
                byte[] single = Encoding.UTF8.GetBytes(rune.ToString());
                if (!TryAppend(single, output)) output.AddRange(single);
            }
        }
        return Encoding.UTF8.GetString(output.ToArray());
    }

    private bool TryAppend(byte[] bytes, List<byte> output)
    {
        // Its first match counts, however short, and the whole grapheme is replaced by it.
        if (map.Shortest(bytes, out ReadOnlySpan<byte> replacement) == 0) return false;
        output.AddRange(replacement);
        return true;
    }
}
