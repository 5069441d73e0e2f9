using System.Globalization;
using System.Text;

namespace EdgeBench.Models.Tokenizers.Llama;

/// <summary>The bytes that a token stands for.</summary>
/// <param name="byteLevel">Texts are GPT-2's letters for bytes; else U+2581 is a space.</param>
/// <param name="dropsFirstSpace">The first space of a text was added by encoding.</param>
internal sealed class PieceDecoder(TokenVocabulary vocabulary, bool byteLevel, bool dropsFirstSpace)
{
    public bool DropsFirstSpace => dropsFirstSpace;

    public void Append(int token, List<byte> bytes)
    {
        string text = vocabulary.Texts[token];
        TokenKinds kinds = vocabulary.Kinds[token];
        if ((kinds & (TokenKinds.Control | TokenKinds.Unknown | TokenKinds.UserDefined)) != 0) AppendText(text, bytes);
        else if (kinds.HasFlag(TokenKinds.Byte)) AppendByte(text, bytes);
        else if (byteLevel) AppendLetters(text, bytes);
        else AppendText(text.Replace('\u2581', ' '), bytes);
    }

    private static void AppendText(string text, List<byte> bytes) => bytes.AddRange(Encoding.UTF8.GetBytes(text));

    private static void AppendByte(string text, List<byte> bytes)
    {
        if (text.Length == 6 && byte.TryParse(text.AsSpan(3, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out byte value)) bytes.Add(value);
        else AppendText(text, bytes);
    }

    private static void AppendLetters(string text, List<byte> bytes)
    {
        foreach (Rune rune in text.EnumerateRunes())
        {
            int value = rune.IsBmp ? ByteAlphabet.ByteOf((char)rune.Value) : -1;
            if (value >= 0) bytes.Add((byte)value);
            else AppendText(rune.ToString(), bytes);
        }
    }
}
