using System.Buffers.Binary;
using System.Collections.Concurrent;

namespace EdgeBench.Devices.Wire;

/// <summary>
/// A piece of a file that arrived on a device, as bytes beside the JSON messages (base64 would send a third more). Layout, little endian: transfer (4),
/// zero (4), offset (8), data. A block has no hash of its own: who sends knows that of the whole file, and who receives computes it once, of what it wrote.
/// </summary>
public sealed class Block : IDisposable
{
    /// <summary>Data of every block but a file's last, which holds what is left.</summary>
    public const int DataBytes = 1 << 20;

    public const int HeadBytes = 16;

    // More blocks than are on their way at once are not kept.
    private const int Kept = 8;

    private static readonly ConcurrentQueue<byte[]> s_free = [];

    private byte[]? _bytes;
    private readonly int _length;

    private Block(byte[] bytes, int length)
    {
        _bytes = bytes;
        _length = length;
    }

    /// <summary>Head and data as they came.</summary>
    public Memory<byte> Frame => (_bytes ?? throw new ObjectDisposedException(nameof(Block))).AsMemory(0, _length);

    public int Transfer => BinaryPrimitives.ReadInt32LittleEndian(Frame.Span);

    /// <summary>Place of the first byte in the file.</summary>
    public long Offset => BinaryPrimitives.ReadInt64LittleEndian(Frame.Span[8..]);

    public ReadOnlyMemory<byte> Data => Frame[HeadBytes..];

    /// <summary>Gives its memory to the next block.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _bytes, null) is { } bytes && s_free.Count < Kept) s_free.Enqueue(bytes);
    }

    /// <summary>A frame to be filled. Throws <see cref="InvalidDataException"/> for a length that no block has.</summary>
    internal static Block Rent(int length) => length is > HeadBytes and <= HeadBytes + DataBytes
        ? new Block(s_free.TryDequeue(out byte[]? free) ? free : GC.AllocateUninitializedArray<byte>(HeadBytes + DataBytes), length)
        : throw new InvalidDataException($"The other end sent a block of {length} bytes; expected {HeadBytes + 1} to {HeadBytes + DataBytes}.");
}

/// <summary>Takes the blocks that arrive between messages, and disposes them; awaited before anything behind them is read.</summary>
public interface IBlockSink
{
    ValueTask ReceiveAsync(Block block, CancellationToken cancellation);
}
