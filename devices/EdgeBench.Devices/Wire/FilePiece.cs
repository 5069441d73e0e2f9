using System.Buffers;
using System.Buffers.Binary;
using Microsoft.Win32.SafeHandles;

namespace EdgeBench.Devices.Wire;

/// <summary>A piece of a file that is to be sent as a <see cref="Block"/>.</summary>
/// <param name="Offset">Place of the first byte in the file.</param>
/// <param name="Bytes">Of data: <see cref="Block.DataBytes"/>, or what is left of the file.</param>
public sealed record FilePiece(SafeFileHandle File, int Transfer, long Offset, int Bytes)
{
    /// <summary>Bytes of the frame: head and data.</summary>
    internal int FrameBytes => Block.HeadBytes + Bytes;

    internal byte[] Head()
    {
        byte[] head = new byte[Block.HeadBytes];
        BinaryPrimitives.WriteInt32LittleEndian(head, Transfer);
        BinaryPrimitives.WriteInt64LittleEndian(head.AsSpan(8), Offset);
        return head;
    }

    /// <summary>
    /// Writes the data. False where the file ended before or could not be read: zeros then stand for the rest, since a frame that was begun goes on to its end. Throws
    /// <see cref="IOException"/> where the stream takes no more.
    /// </summary>
    internal bool WriteTo(Stream output)
    {
        int done = output is FileStream pipe ? Splice.Move(File, Offset, pipe.SafeFileHandle, Bytes) : 0;
        if (done == Bytes) return true;
        byte[] buffer = ArrayPool<byte>.Shared.Rent(Bytes - done);
        Span<byte> rest = buffer.AsSpan(0, Bytes - done);
        int read = Read(rest, Offset + done);
        rest[read..].Clear();
        output.Write(rest);
        ArrayPool<byte>.Shared.Return(buffer);
        return read == rest.Length;
    }

    private int Read(Span<byte> data, long offset)
    {
        int have = 0;
        try
        {
            while (have < data.Length && RandomAccess.Read(File, data[have..], offset + have) is > 0 and var read) have += read;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // What was read so far is told by its length.
        }
        return have;
    }
}
