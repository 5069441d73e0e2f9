using System.Buffers;
using StreamJsonRpc;
using StreamJsonRpc.Protocol;

namespace EdgeBench.Devices.Wire;

/// <summary>
/// Frames on a stream: header-delimited JSON-RPC messages, and blocks of files between them. A frame whose header is of neither kind or announces more
/// than its limit ends the connection with <see cref="InvalidDataException"/>, before anything of that size is buffered.
/// </summary>
/// <param name="maxMessageBytes">Bytes of one message, at most <see cref="int.MaxValue"/>.</param>
/// <param name="sink">Takes blocks; without one a block ends the connection.</param>
public sealed class AgentFrames(Stream output, Stream input, IJsonRpcMessageFormatter formatter, long maxMessageBytes, IBlockSink? sink)
    : MessageHandlerBase(formatter)
{
    private readonly FrameInput _input = new(input);
    private readonly SemaphoreSlim _writing = new(1);
    private long _taken;

    /// <summary>Counts whatever shows that the other end is alive: bytes that it sent, and blocks that it took.</summary>
    public long Signs => _input.Reads + Interlocked.Read(ref _taken);

    public override bool CanRead => true;

    public override bool CanWrite => true;

    /// <summary>Sends a block between two messages; done when the stream has taken it.</summary>
    /// <returns>False where the file did not have all of it.</returns>
    public async Task<bool> SendAsync(FilePiece piece, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(piece);
        await _writing.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            // A thread that waits in the call costs less than one that is woken for every piece of a pipe.
            bool whole = await Task.Run(() => Write(piece), CancellationToken.None).ConfigureAwait(false);
            Interlocked.Increment(ref _taken);
            return whole;
        }
        finally
        {
            _writing.Release();
        }
    }

    protected override async ValueTask<JsonRpcMessage?> ReadCoreAsync(CancellationToken cancellationToken)
    {
        while (await _input.HeaderAsync(maxMessageBytes, cancellationToken).ConfigureAwait(false) is { } header)
        {
            if (!header.IsBlock) return Formatter.Deserialize(await _input.BodyAsync(header.Length, cancellationToken).ConfigureAwait(false));
            if (sink is null) throw new InvalidDataException("The other end sent a block of a file; nobody asked for one.");
            Block block = Block.Rent(header.Length);
            await _input.BodyAsync(block.Frame, cancellationToken).ConfigureAwait(false);
            await sink.ReceiveAsync(block, cancellationToken).ConfigureAwait(false);
        }
        return null;
    }

    protected override async ValueTask WriteCoreAsync(JsonRpcMessage content, CancellationToken cancellationToken)
    {
        ArrayBufferWriter<byte> body = new();
        Formatter.Serialize(body, content);
        await _writing.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            // A frame that was begun is sent to its end: half of one would end the connection.
            await output.WriteAsync((byte[])[.. FrameHeader.Write(body.WrittenCount, isBlock: false), .. body.WrittenSpan], CancellationToken.None).ConfigureAwait(false);
            await output.FlushAsync(CancellationToken.None).ConfigureAwait(false);
        }
        finally
        {
            _writing.Release();
        }
    }

    protected override async ValueTask FlushAsync(CancellationToken cancellationToken) => await output.FlushAsync(cancellationToken).ConfigureAwait(false);

    protected override void DisposeReader()
    {
        input.Dispose();
        base.DisposeReader();
    }

    protected override void DisposeWriter()
    {
        output.Dispose();
        base.DisposeWriter();
    }

    private bool Write(FilePiece piece)
    {
        output.Write((byte[])[.. FrameHeader.Write(piece.FrameBytes, isBlock: true), .. piece.Head()]);
        bool whole = piece.WriteTo(output);
        output.Flush();
        return whole;
    }
}
