using System.Runtime.InteropServices;
using System.Text;
using EdgeBench.Models.Tokenizers.Merging;

namespace EdgeBench.Models.Tokenizers.Unigram;

/// <summary>
/// SentencePiece's unigram model: the segmentation with the highest sum of scores (Viterbi); a code point that no token spells counts as unknown,
/// and neighbouring unknowns are one. Kudo 2018, https://arxiv.org/abs/1804.10959, section 3.
/// </summary>
/// <param name="normalizer">Null where the text is normalised already.</param>
/// <param name="unknown">Ids of a run of unknown code points.</param>
/// <param name="unknownScore">Score of one unknown code point.</param>
internal sealed class UnigramEncoder(TokenVocabulary vocabulary, UnigramNormalizer? normalizer, UnknownSymbol unknown, double unknownScore) : ITextEncoder
{
    /// <summary>What an unknown code point scores below the lowest token.</summary>
    public const double UnknownPenalty = 10;

    private const int Unknown = -1;

    private readonly ByteTrie _tokens = ByteTrie.Of(vocabulary, kinds => (kinds & (TokenKinds.Normal | TokenKinds.UserDefined | TokenKinds.Unused)) != 0);

    private readonly record struct Step(int Token, int From, double Score);

    /// <summary>Lowest score of an ordinary token.</summary>
    public static double Lowest(TokenVocabulary vocabulary) => Enumerable.Range(0, vocabulary.Count)
        .Where(id => vocabulary.Kinds[id].HasFlag(TokenKinds.Normal)).Select(id => vocabulary.Scores[id]).DefaultIfEmpty(float.MaxValue).Min();

    public void Encode(ReadOnlySpan<char> text, List<int> tokens)
    {
        ReadOnlySpan<byte> bytes = normalizer is null ? Encoding.UTF8.GetBytes(text.ToArray()) : CollectionsMarshal.AsSpan(normalizer.Normalize(text));
        if (bytes.Length == 0) return;
        Step[] best = new Step[bytes.Length + 1];
        Array.Fill(best, new Step(Unknown, 0, double.NegativeInfinity));
        best[0] = new Step(Unknown, 0, 0);
        for (int at = 0; at < bytes.Length;)
        {
            int length = Math.Min(Utf8Length(bytes[at]), bytes.Length - at);
            double score = best[at].Score;
            bool spelt = false;
            int node = _tokens.Child(0, bytes[at]);
            for (int end = at + 1; node >= 0; node = _tokens.Child(node, bytes[end++]))
            {
                if (_tokens.Token(node) is >= 0 and int token)
                {
                    spelt |= end - at == length;
                    Offer(end, token, at, score + (vocabulary.Kinds[token].HasFlag(TokenKinds.UserDefined) ? 0 : vocabulary.Scores[token]));
                }
                if (end == bytes.Length) break;
            }
            if (!spelt) Offer(at + length, Unknown, at, score + unknownScore);
            at += length;
        }
        Append(best, bytes, tokens);

        void Offer(int end, int token, int from, double total)
        {
            if (total > best[end].Score) best[end] = new Step(token, from, total);
        }
    }

    private void Append(Step[] best, ReadOnlySpan<byte> bytes, List<int> tokens)
    {
        List<(int Token, int From, int End)> path = [];
        for (int end = best.Length - 1; end > 0; end = best[end].From)
        {
            bool joins = best[end].Token == Unknown && path.Count > 0 && path[^1].Token == Unknown;
            if (joins) path[^1] = path[^1] with { From = best[end].From };
            else path.Add((best[end].Token, best[end].From, end));
        }
        for (int i = path.Count - 1; i >= 0; i--)
        {
            if (path[i].Token != Unknown) tokens.Add(path[i].Token);
            else unknown(Encoding.UTF8.GetString(bytes[path[i].From..path[i].End]), tokens);
        }
    }

    private static int Utf8Length(byte first) => first switch { < 0xC0 => 1, < 0xE0 => 2, < 0xF0 => 3, _ => 4 };
}
