using System.Buffers.Binary;
using System.Security.Cryptography;

namespace EdgeBench.Devices.Wire;

/// <summary>
/// A piece of a file on its way to a device, as bytes beside the JSON messages (base64 would send a third more). Layout, little endian: transfer (4),
/// zero (4), offset (8), SHA-256 of the data (32), data.
/// </summary>
public sealed class Block
{
    /// <summary>Data of every block but a file's last, which holds what is left.</summary>
    public const int DataBytes = 1 << 20;

    public const int HeadBytes = 48;

    private const int HashAt = 16;

    private Block(byte[] frame) => Frame = frame;

    /// <summary>Head and data as they are sent.</summary>
    public byte[] Frame { get; }

    public int Transfer => BinaryPrimitives.ReadInt32LittleEndian(Frame);

    /// <summary>Place of the first byte in the file.</summary>
    public long Offset => BinaryPrimitives.ReadInt64LittleEndian(Frame.AsSpan(8));

    public ReadOnlyMemory<byte> Data => Frame.AsMemory(HeadBytes);

    /// <summary>Whether the data have the hash that the head says.</summary>
    public bool IsWhole => SHA256.HashData(Data.Span).AsSpan().SequenceEqual(Frame.AsSpan(HashAt, 32));

    /// <summary>A block of a file; its data are read from where the stream stands.</summary>
    /// <param name="bytes">Bytes of data, at most <see cref="DataBytes"/>.</param>
    public static async Task<Block> ReadAsync(Stream file, int transfer, long offset, int bytes, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(file);
        byte[] frame = GC.AllocateUninitializedArray<byte>(HeadBytes + bytes);
        await file.ReadExactlyAsync(frame.AsMemory(HeadBytes), cancellation).ConfigureAwait(false);
        BinaryPrimitives.WriteInt32LittleEndian(frame, transfer);
        BinaryPrimitives.WriteInt32LittleEndian(frame.AsSpan(4), 0);
        BinaryPrimitives.WriteInt64LittleEndian(frame.AsSpan(8), offset);
        SHA256.HashData(frame.AsSpan(HeadBytes), frame.AsSpan(HashAt, 32));
        return new Block(frame);
    }

    /// <summary>A frame that arrived. Throws <see cref="InvalidDataException"/> where it cannot be one; its hash is still to be checked.</summary>
    public static Block Of(byte[] frame)
    {
        ArgumentNullException.ThrowIfNull(frame);
        Block block = new(frame);
        if (frame.Length is <= HeadBytes or > HeadBytes + DataBytes || block.Offset < 0)
            throw new InvalidDataException($"The other end sent a block of {frame.Length} bytes; expected {HeadBytes + 1} to {HeadBytes + DataBytes}, at an offset that is not negative.");
        return block;
    }
}

/// <summary>Takes the blocks that arrive between messages; awaited before anything behind them is read.</summary>
public interface IBlockSink
{
    ValueTask ReceiveAsync(Block block, CancellationToken cancellation);
}
