using System.Buffers;

namespace EdgeBench.Devices.Wire;

/// <summary>Headers and bodies from a stream. What is larger than its own small buffer goes straight to where it is wanted.</summary>
internal sealed class FrameInput(Stream input)
{
    // A message is not given memory for what it announces, but for what has come of it.
    private const int GrowthBytes = 1 << 20;

    private readonly byte[] _buffer = new byte[16 * 1024];
    private int _start, _end;
    private long _reads;

    /// <summary>How often something came.</summary>
    public long Reads => Interlocked.Read(ref _reads);

    /// <summary>The next header; null at the end of the stream between two frames. Throws <see cref="InvalidDataException"/> and <see cref="EndOfStreamException"/>.</summary>
    public async ValueTask<FrameHeader?> HeaderAsync(long maxMessageBytes, CancellationToken cancellation)
    {
        FrameHeader header;
        int taken;
        while ((taken = FrameHeader.TryRead(_buffer.AsSpan(_start, _end - _start), maxMessageBytes, out header)) == 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            (_start, _end) = (0, _end - _start);
            int read = await ReadAsync(_buffer.AsMemory(_end), cancellation).ConfigureAwait(false);
            if (read == 0) return _end == 0 ? null : throw Torn();
            _end += read;
        }
        _start += taken;
        return header;
    }

    /// <summary>Fills a body. Throws <see cref="EndOfStreamException"/>.</summary>
    public async ValueTask BodyAsync(Memory<byte> body, CancellationToken cancellation)
    {
        int have = Math.Min(body.Length, _end - _start);
        _buffer.AsMemory(_start, have).CopyTo(body);
        _start += have;
        while (have < body.Length)
        {
            int read = await ReadAsync(body[have..], cancellation).ConfigureAwait(false);
            if (read == 0) throw Torn();
            have += read;
        }
    }

    /// <summary>A body of its own. Throws <see cref="EndOfStreamException"/>.</summary>
    public async ValueTask<ReadOnlySequence<byte>> BodyAsync(int length, CancellationToken cancellation)
    {
        ArrayBufferWriter<byte> body = new(Math.Clamp(length, 1, GrowthBytes));
        while (body.WrittenCount < length)
        {
            int next = Math.Min(length - body.WrittenCount, GrowthBytes);
            await BodyAsync(body.GetMemory(next)[..next], cancellation).ConfigureAwait(false);
            body.Advance(next);
        }
        return new ReadOnlySequence<byte>(body.WrittenMemory);
    }

    private async ValueTask<int> ReadAsync(Memory<byte> memory, CancellationToken cancellation)
    {
        int read = await input.ReadAsync(memory, cancellation).ConfigureAwait(false);
        Interlocked.Increment(ref _reads);
        return read;
    }

    private static EndOfStreamException Torn() => new("The stream ended in the middle of a message.");
}
