using System.Collections.Concurrent;
using System.Diagnostics;

namespace EdgeBench.Cli.Tests.ThreeDevices;

/// <summary>What a link does to a packet.</summary>
/// <param name="Delay">One way.</param>
/// <param name="Loss">Probability that it never arrives, for each packet by itself.</param>
internal sealed record LinkShape(TimeSpan Delay, double Loss);

/// <summary>One direction of a link: a packet is lost by the toss of a seeded coin, or arrives after the delay, in order.</summary>
internal sealed class LinkDirection : IDisposable
{
    // netem's default: what does not fit is dropped, as a router does.
    private const int QueueLimit = 1000;
    private const int LargestPacket = 65_536;

    private readonly TunInterface _from, _to;
    private readonly Func<LinkShape> _shape;
    private readonly Random _coin;
    private readonly BlockingCollection<(long Due, byte[] Packet)> _underway = new(QueueLimit);
    private readonly Thread _taker, _giver;
    private volatile bool _over;
    private long _taken, _lost, _overflowed;

    public LinkDirection(TunInterface from, TunInterface to, Func<LinkShape> shape, int seed)
    {
        (_from, _to, _shape, _coin) = (from, to, shape, new Random(seed));
        _taker = new Thread(Take) { IsBackground = true, Name = $"from {from.Name}" };
        _giver = new Thread(Give) { IsBackground = true, Name = $"to {to.Name}" };
        _taker.Start();
        _giver.Start();
    }

    /// <summary>Packets that came in.</summary>
    public long Taken => Interlocked.Read(ref _taken);

    /// <summary>Those of them that the coin took.</summary>
    public long Lost => Interlocked.Read(ref _lost);

    /// <summary>Those of them that found the queue full.</summary>
    public long Overflowed => Interlocked.Read(ref _overflowed);

    public void Dispose()
    {
        _over = true;
        _taker.Join();
        _underway.CompleteAdding();
        _giver.Join();
        _underway.Dispose();
    }

    private void Take()
    {
        byte[] buffer = new byte[LargestPacket];
        while (!_over)
        {
            int length;
            try
            {
                length = _from.Read(buffer);
            }
            catch (IOException)
            {
                // The interface is down: while its namespace is being made or taken away.
                Thread.Sleep(10);
                continue;
            }
            if (length == 0) continue;
            LinkShape shape = _shape();
            Interlocked.Increment(ref _taken);
            if (_coin.NextDouble() < shape.Loss) Interlocked.Increment(ref _lost);
            else if (!_underway.TryAdd((Stopwatch.GetTimestamp() + (long)(shape.Delay.TotalSeconds * Stopwatch.Frequency), buffer[..length]))) Interlocked.Increment(ref _overflowed);
        }
    }

    private void Give()
    {
        foreach ((long due, byte[] packet) in _underway.GetConsumingEnumerable())
        {
            while (!_over && Stopwatch.GetElapsedTime(Stopwatch.GetTimestamp(), due) is { Ticks: > 0 } left)
                Thread.Sleep(TimeSpan.FromMilliseconds(Math.Ceiling(left.TotalMilliseconds)));
            try
            {
                _to.Write(packet);
            }
            catch (IOException)
            {
                // The interface is down; so would a cable lose it.
            }
        }
    }
}
