using System.Text;

namespace EdgeBench.Models.Tokenizers.Merging;

/// <summary>What becomes of text that no token spells.</summary>
internal static class UnknownSymbols
{
    /// <summary>Tokens <c>&lt;0x00&gt;</c> … of its UTF-8 bytes; where one is not there, <paramref name="unknown"/> for it, or nothing.</summary>
    public static UnknownSymbol Bytes(TokenVocabulary vocabulary, int? unknown) => (text, tokens) =>
    {
        Span<byte> bytes = stackalloc byte[4];
        foreach (Rune rune in text.EnumerateRunes())
        {
            foreach (byte value in bytes[..rune.EncodeToUtf8(bytes)])
            {
                if (vocabulary.Bytes[value] >= 0) tokens.Add(vocabulary.Bytes[value]);
                else if (unknown is { } id) tokens.Add(id);
            }
        }
    };

    /// <summary>One token, or nothing.</summary>
    public static UnknownSymbol One(int? unknown) => (_, tokens) =>
    {
        if (unknown is { } id) tokens.Add(id);
    };

    /// <summary>llama.cpp's rule for GPT-2's letters: ASCII letters that are tokens stay, everything else goes.</summary>
    public static UnknownSymbol AsciiLetters(TokenVocabulary vocabulary) => (text, tokens) =>
    {
        for (int i = 0; i < text.Length; i++)
        {
            if (char.IsAscii(text[i]) && vocabulary.Find(text.Slice(i, 1)) is >= 0 and int id) tokens.Add(id);
        }
    };
}
