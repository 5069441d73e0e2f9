using System.Globalization;
using System.Text;

namespace EdgeBench.Devices.Wire;

/// <summary>
/// A reading stream that follows the framing of header-delimited messages as they pass and refuses one whose header is not of that kind or
/// announces more than the limit, before anything of that size is buffered. Throws <see cref="InvalidDataException"/>.
/// </summary>
public sealed class BoundedFrames(Stream inner, long maxMessageBytes) : Stream
{
    private const int MaxHeaderBytes = 4096;
    private const string LengthKey = "Content-Length:";

    private readonly List<byte> _header = [];
    private long _bodyLeft;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        int read = inner.Read(buffer);
        Follow(buffer[..read]);
        return read;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        int read = await inner.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
        Follow(buffer.Span[..read]);
        return read;
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing) inner.Dispose();
        base.Dispose(disposing);
    }

    private void Follow(ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            if (_bodyLeft > 0)
            {
                int skipped = (int)Math.Min(_bodyLeft, bytes.Length);
                _bodyLeft -= skipped;
                bytes = bytes[skipped..];
                continue;
            }
            _header.Add(bytes[0]);
            bytes = bytes[1..];
            if (_header.Count >= 4 && _header[^1] == '\n' && _header[^2] == '\r' && _header[^3] == '\n' && _header[^4] == '\r') EndHeader();
            else if (_header.Count >= MaxHeaderBytes) throw Refuse("a header without end");
        }
    }

    private void EndHeader()
    {
        string[] lines = Encoding.Latin1.GetString([.. _header]).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        string[] lengths = [.. lines.Where(line => line.StartsWith(LengthKey, StringComparison.OrdinalIgnoreCase))];
        if (lengths.Length != 1 || !long.TryParse(lengths[0][LengthKey.Length..], NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, null, out long length))
            throw Refuse("a message without one Content-Length");
        if (length > maxMessageBytes) throw Refuse($"a message of {length} bytes");
        _bodyLeft = length;
        _header.Clear();
    }

    private InvalidDataException Refuse(string offender) =>
        new($"The other end sent {offender}; expected JSON-RPC messages of at most {maxMessageBytes} bytes.");
}
