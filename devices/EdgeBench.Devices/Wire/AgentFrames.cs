using System.Buffers;
using System.Diagnostics;
using System.IO.Pipelines;
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
    private const int ReadBytes = 256 * 1024;

    private readonly PipeReader _input = PipeReader.Create(input, new StreamPipeReaderOptions(bufferSize: ReadBytes));
    private readonly SemaphoreSlim _writing = new(1);
    private long _signs;

    /// <summary>Counts whatever shows that the other end is alive: bytes that it sent, and blocks that it took.</summary>
    public long Signs => Interlocked.Read(ref _signs);

    public override bool CanRead => true;

    public override bool CanWrite => true;

    /// <summary>Sends a block between two messages; done when the stream has taken it.</summary>
    public async Task SendAsync(Block block, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(block);
        await SendAsync(block.Frame, isBlock: true, cancellation).ConfigureAwait(false);
        Interlocked.Increment(ref _signs);
    }

    protected override async ValueTask<JsonRpcMessage?> ReadCoreAsync(CancellationToken cancellationToken)
    {
        while (await ReadHeaderAsync(cancellationToken).ConfigureAwait(false) is { } header)
        {
            byte[] body = await ReadBodyAsync(header.Length, cancellationToken).ConfigureAwait(false);
            if (!header.IsBlock) return Formatter.Deserialize(new ReadOnlySequence<byte>(body));
            if (sink is null) throw new InvalidDataException("The other end sent a block of a file; nobody asked for one.");
            await sink.ReceiveAsync(Block.Of(body), cancellationToken).ConfigureAwait(false);
        }
        return null;
    }

    protected override async ValueTask WriteCoreAsync(JsonRpcMessage content, CancellationToken cancellationToken)
    {
        ArrayBufferWriter<byte> body = new();
        Formatter.Serialize(body, content);
        await SendAsync(body.WrittenMemory, isBlock: false, cancellationToken).ConfigureAwait(false);
    }

    protected override async ValueTask FlushAsync(CancellationToken cancellationToken) => await output.FlushAsync(cancellationToken).ConfigureAwait(false);

    protected override void DisposeReader()
    {
        _input.Complete();
        base.DisposeReader();
    }

    protected override void DisposeWriter()
    {
        output.Dispose();
        base.DisposeWriter();
    }

    private async Task SendAsync(ReadOnlyMemory<byte> body, bool isBlock, CancellationToken cancellation)
    {
        await _writing.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            // A frame that was begun is sent to its end: half of one would end the connection.
            await output.WriteAsync(FrameHeader.Write(body.Length, isBlock), CancellationToken.None).ConfigureAwait(false);
            await output.WriteAsync(body, CancellationToken.None).ConfigureAwait(false);
            await output.FlushAsync(CancellationToken.None).ConfigureAwait(false);
        }
        finally
        {
            _writing.Release();
        }
    }

    // Null at the end of the stream between two frames.
    private async ValueTask<FrameHeader?> ReadHeaderAsync(CancellationToken cancellation)
    {
        while (true)
        {
            ReadResult read = await MoreAsync(cancellation).ConfigureAwait(false);
            ReadOnlySequence<byte> buffer = read.Buffer;
            if (FrameHeader.TryRead(ref buffer, maxMessageBytes, out FrameHeader header))
            {
                _input.AdvanceTo(buffer.Start);
                return header;
            }
            if (read.IsCompleted) return buffer.IsEmpty ? null : throw Torn();
            _input.AdvanceTo(buffer.Start, buffer.End);
        }
    }

    private async ValueTask<byte[]> ReadBodyAsync(int length, CancellationToken cancellation)
    {
        while (true)
        {
            ReadResult read = await MoreAsync(cancellation).ConfigureAwait(false);
            ReadOnlySequence<byte> buffer = read.Buffer;
            if (buffer.Length >= length)
            {
                byte[] body = buffer.Slice(0, length).ToArray();
                _input.AdvanceTo(buffer.GetPosition(length));
                return body;
            }
            if (read.IsCompleted) throw Torn();
            _input.AdvanceTo(buffer.Start, buffer.End);
        }
    }

    private async ValueTask<ReadResult> MoreAsync(CancellationToken cancellation)
    {
        ReadResult read = await _input.ReadAsync(cancellation).ConfigureAwait(false);
        Debug.Assert(!read.IsCanceled);
        Interlocked.Increment(ref _signs);
        return read;
    }

    private static EndOfStreamException Torn() => new("The stream ended in the middle of a message.");
}
