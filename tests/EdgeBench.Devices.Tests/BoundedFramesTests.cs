using System.Text;
using CsCheck;
using EdgeBench.Devices.Wire;

namespace EdgeBench.Devices.Tests;

public class BoundedFramesTests
{
    [Fact]
    public void Messages_pass_unchanged_however_they_are_cut() => Gen.Select(Gen.Byte.Array[1, 50].List[1, 5], Gen.Int[1, 40]).Sample((bodies, step) =>
    {
        byte[] sent = [.. bodies.SelectMany(body => (byte[])[.. Encoding.ASCII.GetBytes($"Content-Length: {body.Length}\r\n\r\n"), .. body])];
        Assert.Equal(sent, ReadAll(sent, limit: 50, step));
    });

    [Theory]
    [InlineData("Content-Length: 51\r\n\r\n", "51 bytes")]
    [InlineData("Content-Length: 99999999999999999999\r\n\r\n", "without one Content-Length")]
    [InlineData("Content-Length: -1\r\n\r\n", "without one Content-Length")]
    [InlineData("Content-Length: 1\r\nContent-Length: 2\r\n\r\n", "without one Content-Length")]
    [InlineData("Content-Type: json\r\n\r\n", "without one Content-Length")]
    [InlineData("Content-Length: 1\r\n\r\n{Content-Length: 51\r\n\r\n", "51 bytes")]
    public void What_is_no_frame_or_too_large_is_refused(string sent, string words)
    {
        InvalidDataException refusal = Assert.Throws<InvalidDataException>(() => ReadAll(Encoding.ASCII.GetBytes(sent), limit: 50, step: 7));
        Assert.Contains(words, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_header_without_end_is_refused()
    {
        InvalidDataException refusal = Assert.Throws<InvalidDataException>(() => ReadAll(new byte[100_000], limit: 50, step: 1000));
        Assert.Contains("header without end", refusal.Message, StringComparison.Ordinal);
    }

    private static byte[] ReadAll(byte[] sent, long limit, int step)
    {
        using BoundedFrames frames = new(new MemoryStream(sent), limit);
        List<byte> received = [];
        byte[] buffer = new byte[step];
        int read;
        while ((read = frames.Read(buffer, 0, step)) > 0) received.AddRange(buffer[..read]);
        return [.. received];
    }
}
