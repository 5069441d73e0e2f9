using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace EdgeBench.Fuzz;

/// <summary>
/// Changes an input in one to eight small ways: the operators of AFL's "havoc" stage (M. Zalewski, <c>afl-fuzz.c</c>), with decimal numbers beside
/// binary ones for text formats.
/// </summary>
internal sealed class Mutator(Random random)
{
    public const int LongestInput = 1 << 13;

    private static readonly long[] s_numbers =
    [
        0, 1, -1, 7, 8, 9, 16, 31, 32, 33, 64, 127, 128, 255, 256, 1023, 1024, 4096, short.MaxValue, ushort.MaxValue, 1 << 20, int.MaxValue, int.MinValue,
        uint.MaxValue, 1L << 32, 1L << 40, 1L << 60, long.MaxValue, long.MinValue, long.MaxValue - 31,
    ];

    private static readonly string[] s_texts =
        ["\"", "{", "}", "[", "]", "[[[[[[[[", "{\"a\":", "null", "true", "-1", "1e999", "0.5", "\\u0000", "\\ud800", "..", "/", "../", "\u00ff", "[]", "{}", ",,", ":"];

    public byte[] Mutate(byte[] seed, byte[] other)
    {
        List<byte> bytes = [.. seed];
        int steps = 1 + random.Next(8);
        for (int step = 0; step < steps; step++) Change(bytes, other);
        if (bytes.Count > LongestInput) bytes.RemoveRange(LongestInput, bytes.Count - LongestInput);
        return [.. bytes];
    }

    private void Change(List<byte> bytes, byte[] other)
    {
        int at = bytes.Count == 0 ? 0 : random.Next(bytes.Count);
        switch (bytes.Count == 0 ? 7 : random.Next(11))
        {
            case 0: bytes[at] ^= (byte)(1 << random.Next(8)); break;
            case 1: bytes[at] = (byte)random.Next(256); break;
            case 2: Overwrite(bytes, at, Number(1 << random.Next(4))); break;
            case 3: bytes[at] += (byte)(random.Next(33) - 16); break;
            case 4: bytes.RemoveRange(at, Math.Min(Length(), bytes.Count - at)); break;
            case 5: bytes.InsertRange(at, bytes.GetRange(at, Math.Min(Length(), bytes.Count - at))); break;
            case 6: bytes.RemoveRange(at, bytes.Count - at); break;
            case 7: bytes.InsertRange(at, Piece(other)); break;
            case 8: bytes.InsertRange(at, Encoding.UTF8.GetBytes(s_texts[random.Next(s_texts.Length)])); break;
            case 9: ReplaceDecimal(bytes, at); break;
            default: Overwrite(bytes, at, Piece(other)); break;
        }
    }

    private int Length() => 1 + random.Next(1 << random.Next(9));

    private byte[] Piece(byte[] other)
    {
        int first = random.Next(other.Length + 1);
        return other[first..Math.Min(other.Length, first + Length())];
    }

    private byte[] Number(int width)
    {
        byte[] number = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(number, s_numbers[random.Next(s_numbers.Length)]);
        return number[..width];
    }

    private static void Overwrite(List<byte> bytes, int at, byte[] with)
    {
        for (int i = 0; i < with.Length && at + i < bytes.Count; i++) bytes[at + i] = with[i];
    }

    // The next run of decimal digits becomes another number.
    private void ReplaceDecimal(List<byte> bytes, int at)
    {
        int start = bytes.FindIndex(at, letter => letter is >= (byte)'0' and <= (byte)'9');
        if (start < 0) return;
        int end = start;
        while (end < bytes.Count && bytes[end] is >= (byte)'0' and <= (byte)'9') end++;
        bytes.RemoveRange(start, end - start);
        bytes.InsertRange(start, Encoding.ASCII.GetBytes(s_numbers[random.Next(s_numbers.Length)].ToString(CultureInfo.InvariantCulture)));
    }
}
