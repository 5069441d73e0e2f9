namespace EdgeBench.Remote.Tests;

/// <summary>How a link carries bytes, each way.</summary>
/// <param name="Delay">From one end to the other.</param>
/// <param name="Loss">Share of packets that are lost and sent again.</param>
/// <param name="BytesPerSecond">Rate.</param>
internal sealed record LinkShape(TimeSpan Delay, double Loss, double BytesPerSecond, int Seed)
{
    /// <summary>Payload of an Ethernet packet of TCP with time stamps.</summary>
    public const int PacketBytes = 1448;

    // TCP_RTO_MIN of Linux.
    private static readonly TimeSpan s_timeout = TimeSpan.FromMilliseconds(200);

    /// <summary>Nothing but a rate, so that an upload of a few megabytes takes a time in which something can happen.</summary>
    public static LinkShape Slow(double bytesPerSecond) => new(TimeSpan.Zero, 0, bytesPerSecond, 0);

    /// <summary>
    /// A delay each way with losses, at the rate to which they bring TCP: packet over round trip times the root of 3/2 over the loss (Mathis, Semke, Mahdavi,
    /// Ott: The macroscopic behavior of the TCP congestion avoidance algorithm, 1997, section 2).
    /// </summary>
    public static LinkShape Lossy(TimeSpan delay, double loss, int seed) =>
        new(delay, loss, PacketBytes / (2 * delay.TotalSeconds) * Math.Sqrt(1.5 / loss), seed);

    /// <summary>How long losses among these bytes hold up all that is behind them.</summary>
    /// <param name="alone">Nothing follows that would tell the sender of the gap, so that it waits for its timer.</param>
    public TimeSpan Stall(int bytes, bool alone, Random random)
    {
        bool lost = random.NextDouble() < 1 - Math.Pow(1 - Loss, Math.Ceiling(bytes / (double)PacketBytes));
        TimeSpan trip = 2 * Delay;
        return !lost ? TimeSpan.Zero : alone ? s_timeout + trip : trip;
    }
}
