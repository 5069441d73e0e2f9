using System.Text;
using CsCheck;
using EdgeBench.Core.IO;
using EdgeBench.Devices.Wire;
using EdgeBench.Testing;
using Microsoft.Win32.SafeHandles;
using StreamJsonRpc;
using StreamJsonRpc.Protocol;

namespace EdgeBench.Devices.Tests;

public class AgentFramesTests
{
    private const string Call = """{"jsonrpc":"2.0","method":"m","params":[1]}""";

    [Fact]
    public void Messages_and_blocks_pass_in_order_however_they_are_cut() => Gen.Select(Gen.OneOf(Gen.Const(0), Gen.Int[1, 5000]).Array[1, 6], Gen.Int[1, 900]).Sample((sizes, step) =>
    {
        Collector sink = new();
        MemoryStream wire = new();
        using (AgentFrames writer = Frames(wire, Stream.Null, null))
        {
            foreach (int size in sizes)
            {
                if (size == 0) Say(writer);
                else Send(writer, size);
            }
        }
        using AgentFrames reader = Frames(Stream.Null, new Slow(wire.ToArray(), step), sink);
        int messages = 0;
        while (Next(reader) is JsonRpcRequest { Method: "m" }) messages++;
        Assert.Equal(sizes.Count(size => size == 0), messages);
        Assert.Equal(sizes.Where(size => size > 0), sink.Blocks.Select(block => block.Data.Length));
        Assert.All(sink.Blocks, block => Assert.Equal(Expected(block.Data.Length), block.Data.ToArray()));
    }, iter: 50);

    [Theory]
    [InlineData("Content-Length: 101\r\n\r\n", "101 bytes")]
    [InlineData("Content-Length: 99999999999999999999\r\n\r\n", "without one Content-Length")]
    [InlineData("Content-Length: -1\r\n\r\n", "without one Content-Length")]
    [InlineData("Content-Length: 1\r\nContent-Length: 2\r\n\r\n", "without one Content-Length")]
    [InlineData("Content-Type: json\r\n\r\n", "without one Content-Length")]
    [InlineData("Welcome to the board!\r\n\r\n", "without one Content-Length")]
    [InlineData("Content-Length: 5\r\nContent-Type: application/octet-stream\r\n\r\nabcde", "block of 5 bytes")]
    public void What_is_no_frame_or_too_large_is_refused(string sent, string words)
    {
        using AgentFrames frames = Frames(Stream.Null, new Slow(Encoding.ASCII.GetBytes(sent), 7), new Collector());
        InvalidDataException refusal = Assert.Throws<InvalidDataException>(() => Next(frames));
        Assert.Contains(words, refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData('[', ']')]
    [InlineData('{', '}')]
    public void A_message_of_more_than_64_levels_is_refused(char open, char close)
    {
        string key = open == '{' ? "\"a\":" : "";
        JsonRpcMessage? Nested(int levels)
        {
            // The message is one level; parameters follow.
            string inside = string.Concat(Enumerable.Repeat(open + key, levels - 1)) + (open == '{' ? "1" : "") + new string(close, levels - 1);
            string call = $$"""{"jsonrpc":"2.0","method":"m","params":{{inside}}}""";
            using AgentFrames frames = Frames(Stream.Null, new MemoryStream(Encoding.ASCII.GetBytes($"Content-Length: {call.Length}\r\n\r\n{call}")), null);
            return Next(frames);
        }
        Assert.IsType<JsonRpcRequest>(Nested(64), exactMatch: false);
        Assert.ThrowsAny<System.Text.Json.JsonException>(() => Nested(65));
        Assert.ThrowsAny<System.Text.Json.JsonException>(() => Nested(900));
    }

    [Fact]
    public void A_header_without_end_is_refused()
    {
        using AgentFrames frames = Frames(Stream.Null, new Slow(new byte[100_000], 1000), null);
        Assert.Contains("header without end", Assert.Throws<InvalidDataException>(() => Next(frames)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_block_that_nobody_takes_is_refused()
    {
        MemoryStream wire = new();
        using (AgentFrames writer = Frames(wire, Stream.Null, null)) Send(writer, 3);
        using AgentFrames frames = Frames(Stream.Null, new MemoryStream(wire.ToArray()), null);
        Assert.Contains("nobody asked", Assert.Throws<InvalidDataException>(() => Next(frames)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_torn_frame_is_no_end()
    {
        byte[] whole = Encoding.ASCII.GetBytes($"Content-Length: {Call.Length}\r\n\r\n{Call}");
        for (int cut = 1; cut < whole.Length; cut++)
        {
            using AgentFrames frames = Frames(Stream.Null, new MemoryStream(whole[..cut]), null);
            Assert.Throws<EndOfStreamException>(() => Next(frames));
        }
        using AgentFrames good = Frames(Stream.Null, new MemoryStream(whole), null);
        Assert.IsType<JsonRpcRequest>(Next(good), exactMatch: false);
        Assert.Null(Next(good));
    }

    [Fact]
    public void Whatever_arrives_is_a_message_an_end_or_a_refusal() => Gen.Byte.Array[0, 200].Sample(bytes =>
    {
        byte[] hostile = [.. Encoding.ASCII.GetBytes("Content-Length: 40\r\n\r\n"), .. bytes];
        using AgentFrames frames = Frames(Stream.Null, new MemoryStream(hostile), new Collector());
        try
        {
            while (Next(frames) is not null) { }
        }
        catch (Exception exception) when (exception is InvalidDataException or EndOfStreamException or System.Text.Json.JsonException or InvalidOperationException)
        {
            // Ends the connection, which is all that is asked.
        }
    }, iter: 300);

    private static byte[] Expected(int bytes) => [.. Enumerable.Range(0, bytes).Select(i => (byte)(i * 31))];

    // 100 bytes a message are enough for Call.
    private static AgentFrames Frames(Stream output, Stream input, IBlockSink? sink) =>
        new(output, input, new SystemTextJsonFormatter { JsonSerializerOptions = new(EdgeBenchJson.Options) }, sink is Collector ? 100 : 6000, sink);

    private static JsonRpcMessage? Next(AgentFrames frames) => frames.ReadAsync(CancellationToken.None).AsTask().GetAwaiter().GetResult();

    private static void Say(AgentFrames frames) =>
        frames.WriteAsync(new JsonRpcRequest { Method = "m", ArgumentsList = [1] }, CancellationToken.None).AsTask().GetAwaiter().GetResult();

    private static void Send(AgentFrames frames, int bytes)
    {
        using TemporaryFolder folder = new();
        File.WriteAllBytes(folder.File("file"), Expected(bytes));
        using SafeFileHandle handle = File.OpenHandle(folder.File("file"));
        Assert.True(frames.SendAsync(new FilePiece(handle, 7, 0, bytes), CancellationToken.None).GetAwaiter().GetResult());
    }

    private sealed class Collector : IBlockSink
    {
        public List<Block> Blocks { get; } = [];

        public ValueTask ReceiveAsync(Block block, CancellationToken cancellation)
        {
            Blocks.Add(block);
            return ValueTask.CompletedTask;
        }
    }

    /// <summary>Gives a few bytes at a time.</summary>
    private sealed class Slow(byte[] bytes, int step) : MemoryStream(bytes)
    {
        public override int Read(byte[] buffer, int offset, int count) => base.Read(buffer, offset, Math.Min(step, count));

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(step, buffer.Length)], cancellationToken);
    }
}
