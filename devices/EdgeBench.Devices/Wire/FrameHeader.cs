using System.Globalization;
using System.Text;

namespace EdgeBench.Devices.Wire;

/// <summary>The header lines in front of a frame: its length, and whether it is a message or a block.</summary>
internal readonly record struct FrameHeader(int Length, bool IsBlock)
{
    public const int MaxBytes = 4096;

    private const string LengthKey = "Content-Length:";
    private const string TypeKey = "Content-Type:";
    private const string BlockType = "application/octet-stream";

    /// <summary>Header of a frame of <paramref name="length"/> bytes, with the empty line.</summary>
    public static byte[] Write(int length, bool isBlock) =>
        Encoding.ASCII.GetBytes(isBlock ? $"{LengthKey} {length}\r\n{TypeKey} {BlockType}\r\n\r\n" : $"{LengthKey} {length}\r\n\r\n");

    /// <summary>Bytes of the header at the front of a buffer; 0 where its end is still to come. Throws <see cref="InvalidDataException"/>.</summary>
    public static int TryRead(ReadOnlySpan<byte> buffer, long maxMessageBytes, out FrameHeader header)
    {
        header = default;
        int length = buffer.IndexOf("\r\n\r\n"u8);
        if (length > MaxBytes || (length < 0 && buffer.Length >= MaxBytes)) throw Refuse("a header without end", maxMessageBytes);
        if (length < 0) return 0;
        header = Parse(Encoding.Latin1.GetString(buffer[..length]), maxMessageBytes);
        return length + 4;
    }

    private static FrameHeader Parse(string text, long maxMessageBytes)
    {
        string[] lines = text.Split("\r\n");
        string[] lengths = Values(lines, LengthKey);
        if (lengths.Length != 1 || !long.TryParse(lengths[0], NumberStyles.None, null, out long length))
            throw Refuse("a message without one Content-Length", maxMessageBytes);
        bool isBlock = Values(lines, TypeKey) is [BlockType];
        if (length > (isBlock ? Block.HeadBytes + Block.DataBytes : maxMessageBytes)) throw Refuse($"a message of {length} bytes", maxMessageBytes);
        return new FrameHeader((int)length, isBlock);
    }

    private static string[] Values(string[] lines, string key) =>
        [.. lines.Where(line => line.StartsWith(key, StringComparison.OrdinalIgnoreCase)).Select(line => line[key.Length..].Trim())];

    private static InvalidDataException Refuse(string offender, long maxMessageBytes) =>
        new($"The other end sent {offender}; expected JSON-RPC messages of at most {maxMessageBytes} bytes.");
}
