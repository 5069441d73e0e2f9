using System.Text;

namespace EdgeBench.Models.Tokenizers.Unigram;

/// <summary>
/// Text as SentencePiece's unigram sees it: replaced by its character map, spaces U+2581, runs of them merged and one put in front where the
/// file says so. User-defined tokens pass unchanged.
/// </summary>
internal sealed class UnigramNormalizer(TokenVocabulary vocabulary, CharacterMap? map, bool spacePrefix, bool mergeSpaces)
{
    private static readonly byte[] s_space = "\u2581"u8.ToArray();

    private readonly ByteTrie _userDefined = ByteTrie.Of(vocabulary, (kinds) => kinds.HasFlag(TokenKinds.UserDefined));

    /// <returns>UTF-8.</returns>
    public List<byte> Normalize(ReadOnlySpan<char> text)
    {
        byte[] input = new byte[Encoding.UTF8.GetByteCount(text)];
        Encoding.UTF8.GetBytes(text, input);
        List<byte> output = new(input.Length + 8);
        bool prefixed = false, inWord = false;
        for (int at = 0; at < input.Length;)
        {
            at += Next(input.AsSpan(at), out ReadOnlySpan<byte> part);
            foreach (byte value in part)
            {
                if (value == (byte)' ')
                {
                    inWord = false;
                    if (!mergeSpaces) output.AddRange(s_space);
                    continue;
                }
                if (!inWord)
                {
                    inWord = true;
                    if ((spacePrefix && !prefixed) || mergeSpaces)
                    {
                        output.AddRange(s_space);
                        prefixed = true;
                    }
                }
                output.Add(value);
            }
        }
        return output;
    }

    private int Next(ReadOnlySpan<byte> input, out ReadOnlySpan<byte> part)
    {
        int length = _userDefined.LongestPath(input);
        if (length == 0 && map is not null)
        {
            length = map.Longest(input, out part);
            if (length > 0) return length;
        }
        if (length == 0) Rune.DecodeFromUtf8(input, out _, out length);
        part = input[..length];
        return length;
    }
}
