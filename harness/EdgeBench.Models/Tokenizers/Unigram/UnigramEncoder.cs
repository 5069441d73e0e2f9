using System.Runtime.InteropServices;

namespace EdgeBench.Models.Tokenizers.Unigram;

/// <summary>
/// SentencePiece's unigram model: the segmentation with the highest sum of scores (Viterbi), unknown code points at the lowest score minus 10,
/// neighbouring unknowns as one. Kudo 2018, https://arxiv.org/abs/1804.10959, section 3.
/// </summary>
internal sealed class UnigramEncoder : ITextEncoder
{
    private const double UnknownPenalty = 10;

    private readonly TokenVocabulary _vocabulary;
    private readonly UnigramNormalizer _normalizer;
    private readonly ByteTrie _tokens;
    private readonly int _unknown;
    private readonly double _unknownScore;

    public UnigramEncoder(TokenVocabulary vocabulary, int? unknown, UnigramNormalizer normalizer)
    {
        (_vocabulary, _normalizer, _unknown) = (vocabulary, normalizer, unknown ?? -1);
        _tokens = ByteTrie.Of(vocabulary, kinds => (kinds & (TokenKinds.Normal | TokenKinds.UserDefined | TokenKinds.Unused)) != 0);
        float lowest = float.MaxValue;
        for (int id = 0; id < vocabulary.Count; id++)
        {
            if (vocabulary.Kinds[id].HasFlag(TokenKinds.Normal)) lowest = Math.Min(lowest, vocabulary.Scores[id]);
        }
        _unknownScore = (float)(lowest - UnknownPenalty);
    }

    public void Encode(ReadOnlySpan<char> text, List<int> tokens)
    {
        ReadOnlySpan<byte> bytes = CollectionsMarshal.AsSpan(_normalizer.Normalize(text));
        if (bytes.Length == 0) return;
        (int Token, int From, double Score)[] best = new (int, int, double)[bytes.Length + 1];
        Array.Fill(best, (_unknown, 0, double.NegativeInfinity));
        best[0] = (_unknown, 0, 0);
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
                    Offer(end, token, at, score + (_vocabulary.Kinds[token].HasFlag(TokenKinds.UserDefined) ? 0 : _vocabulary.Scores[token]));
                }
                if (end == bytes.Length) break;
            }
            if (!spelt) Offer(at + length, _unknown, at, score + _unknownScore);
            at += length;
        }
        Append(best, tokens);

        void Offer(int end, int token, int from, double total)
        {
            if (total > best[end].Score) best[end] = (token, from, total);
        }
    }

    private void Append((int Token, int From, double Score)[] best, List<int> tokens)
    {
        int first = tokens.Count;
        bool afterUnknown = false;
        for (int end = best.Length - 1; ; end = best[end].From)
        {
            bool isUnknown = best[end].Token == _unknown;
            if (!(afterUnknown && isUnknown) && best[end].Token >= 0) tokens.Add(best[end].Token);
            afterUnknown = isUnknown;
            if (best[end].From == 0) break;
        }
        tokens.Reverse(first, tokens.Count - first);
    }

    private static int Utf8Length(byte first) => first switch { < 0xC0 => 1, < 0xE0 => 2, < 0xF0 => 3, _ => 4 };
}
