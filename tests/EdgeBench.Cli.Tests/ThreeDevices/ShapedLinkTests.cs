using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;

namespace EdgeBench.Cli.Tests.ThreeDevices;

/// <summary>The link itself, by the kernel's own counters and <c>ping</c>'s.</summary>
[Collection(nameof(ShapedLink))]
public partial class ShapedLinkTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_packet_takes_the_delay_each_way()
    {
        using ShapedLink link = New(new LinkShape(TimeSpan.FromMilliseconds(50), 0));
        string said = await OutputAsync(new ProcessStartInfo("ping", ["-q", "-c", "10", "-i", "0.05", link.FarAddress]));
        Assert.Contains("10 received", said, StringComparison.Ordinal);
        // The best of ten: others on this machine can only make it longer.
        Assert.InRange(double.Parse(RoundTrip().Match(said).Groups[1].ValueSpan, CultureInfo.InvariantCulture), 100, 115);
    }

    [Fact]
    public async Task As_many_packets_are_lost_each_way_as_was_asked()
    {
        const double Loss = 0.05;
        using ShapedLink link = New(new LinkShape(TimeSpan.FromMilliseconds(5), Loss));
        await OutputAsync(new ProcessStartInfo("ping", ["-q", "-c", "1000", "-i", "0.002", "-W", "1", link.FarAddress]));
        (long sent, long arrived) = (Counter(link, link.NearInterface, "tx", beyond: false), Counter(link, link.FarInterface, "rx", beyond: true));
        (long answered, long back) = (Counter(link, link.FarInterface, "tx", beyond: true), Counter(link, link.NearInterface, "rx", beyond: false));
        Assert.Equal((1000, arrived), (sent, answered));
        AssertBinomial(sent - arrived, sent, Loss);
        AssertBinomial(answered - back, answered, Loss);
        Assert.Equal((sent, sent - arrived, 0), (link.There.Taken, link.There.Lost, link.There.Overflowed));
    }

    [Fact]
    public async Task Every_byte_of_a_connection_arrives_although_packets_are_lost()
    {
        const int Bytes = 3_000_000;
        using ShapedLink link = New(new LinkShape(TimeSpan.FromMilliseconds(5), 0.01));
        using TcpListener listener = new(IPAddress.Parse(link.NearAddress), 0);
        listener.Start();
        using Process sender = Process.Start(link.Beyond("bash", "-c", $"head -c {Bytes} /dev/urandom > /dev/tcp/{link.NearAddress}/{((IPEndPoint)listener.LocalEndpoint).Port}; sleep 0.2"))!;
        using TcpClient client = await listener.AcceptTcpClientAsync(Cancellation);
        using MemoryStream received = new();
        await client.GetStream().CopyToAsync(received, Cancellation);
        Assert.Equal(Bytes, received.Length);
        string[] counters = (await OutputAsync(link.Beyond("cat", "/proc/net/snmp"))).Split('\n').Where(line => line.StartsWith("Tcp:", StringComparison.Ordinal)).ToArray();
        int column = counters[0].Split(' ').IndexOf("RetransSegs");
        // Some 2,000 packets, of which one in a hundred is lost: that none is has a probability of 1e-9.
        Assert.NotEqual("0", counters[1].Split(' ')[column]);
    }

    private static ShapedLink New(LinkShape shape)
    {
        Assert.SkipUnless(ShapedLink.Missing is null, $"needs {ShapedLink.Missing}");
        return new ShapedLink(seed: 6) { Shape = shape };
    }

    // Six standard deviations: the coin is seeded, so this fails for a wrong coin and not for bad luck.
    private static void AssertBinomial(long lost, long of, double probability) =>
        Assert.InRange(lost, of * probability - 6 * Math.Sqrt(of * probability * (1 - probability)), of * probability + 6 * Math.Sqrt(of * probability * (1 - probability)));

    private static long Counter(ShapedLink link, string name, string direction, bool beyond)
    {
        using Process ip = Process.Start(beyond ? link.Beyond("ip", "-s", "-j", "link", "show", name) : new ProcessStartInfo("ip", ["-s", "-j", "link", "show", name]) { RedirectStandardOutput = true })!;
        using System.Text.Json.JsonDocument said = System.Text.Json.JsonDocument.Parse(ip.StandardOutput.ReadToEnd());
        return said.RootElement[0].GetProperty("stats64").GetProperty(direction).GetProperty("packets").GetInt64();
    }

    private static async Task<string> OutputAsync(ProcessStartInfo command)
    {
        command.RedirectStandardOutput = true;
        using Process process = Process.Start(command)!;
        string said = await process.StandardOutput.ReadToEndAsync(Cancellation);
        await process.WaitForExitAsync(Cancellation);
        return said;
    }

    [GeneratedRegex(@"min/avg/max/mdev = ([0-9.]+)/")]
    private static partial Regex RoundTrip();
}
