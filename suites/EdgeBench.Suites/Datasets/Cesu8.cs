using System.Text;

namespace EdgeBench.Suites.Datasets;

/// <summary>
/// Characters beyond U+FFFF that were written as two surrogates of three bytes each (CESU-8, Unicode Technical Report 26): no UTF-8 holds such bytes, so what they stand for is certain.
/// One line of Snips's training data is written so.
/// </summary>
internal static class Cesu8
{
    private const int PairLength = 6;

    /// <summary>The bytes with each pair as the four bytes of its character; all others as they are.</summary>
    public static byte[] ToUtf8(ReadOnlySpan<byte> bytes)
    {
        List<byte> output = new(bytes.Length);
        Span<byte> character = stackalloc byte[4];
        for (int i = 0; i < bytes.Length;)
        {
            if (i + PairLength <= bytes.Length && IsHigh(bytes[i..]) && IsLow(bytes[(i + 3)..]))
            {
                Rune rune = new((char)Unit(bytes[i..]), (char)Unit(bytes[(i + 3)..]));
                output.AddRange(character[..rune.EncodeToUtf8(character)]);
                i += PairLength;
            }
            else output.Add(bytes[i++]);
        }
        return [.. output];
    }

    private static bool IsHigh(ReadOnlySpan<byte> bytes) => bytes[0] == 0xED && bytes[1] is >= 0xA0 and <= 0xAF && bytes[2] is >= 0x80 and <= 0xBF;

    private static bool IsLow(ReadOnlySpan<byte> bytes) => bytes[0] == 0xED && bytes[1] is >= 0xB0 and <= 0xBF && bytes[2] is >= 0x80 and <= 0xBF;

    private static int Unit(ReadOnlySpan<byte> bytes) => 0xD000 | ((bytes[1] & 0x3F) << 6) | (bytes[2] & 0x3F);
}
