using System.Text;

namespace EdgeBench.Models.Tokenizers;

/// <summary>
/// GPT-2's printable stand-ins for bytes: visible Latin-1 letters stand for themselves, the other 68 bytes for U+0100 on. Radford et al. 2019,
/// <c>bytes_to_unicode</c> of the published encoder.
/// </summary>
internal static class ByteAlphabet
{
    private const int Size = 0x144;

    private static readonly char[] s_letters = Letters();
    private static readonly short[] s_bytes = Bytes();

    /// <summary>The UTF-8 bytes of <paramref name="text"/> as letters.</summary>
    public static string Encode(ReadOnlySpan<char> text)
    {
        byte[] bytes = new byte[Encoding.UTF8.GetByteCount(text)];
        Encoding.UTF8.GetBytes(text, bytes);
        return string.Create(bytes.Length, bytes, static (letters, source) =>
        {
            for (int i = 0; i < source.Length; i++) letters[i] = s_letters[source[i]];
        });
    }

    /// <summary>The letter of a byte.</summary>
    public static char Letter(byte value) => s_letters[value];

    /// <summary>The byte of a letter, or -1 where it stands for none.</summary>
    public static int ByteOf(char letter) => letter < Size ? s_bytes[letter] : -1;

    private static char[] Letters()
    {
        char[] letters = new char[256];
        int next = 256;
        for (int value = 0; value < 256; value++)
        {
            bool visible = value is (>= 0x21 and <= 0x7E) or (>= 0xA1 and <= 0xAC) or >= 0xAE;
            letters[value] = (char)(visible ? value : next++);
        }
        return letters;
    }

    private static short[] Bytes()
    {
        short[] bytes = new short[Size];
        Array.Fill(bytes, (short)-1);
        for (int value = 0; value < 256; value++) bytes[s_letters[value]] = (short)value;
        return bytes;
    }
}
