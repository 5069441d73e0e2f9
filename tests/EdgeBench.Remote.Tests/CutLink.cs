using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;

namespace EdgeBench.Remote.Tests;

/// <summary>
/// A link between ssh and sshd that can be cut. Frozen, it takes no byte and drops no connection, as a network does whose cable was pulled; broken, it
/// resets its connections. It may have a shape: TCP's own view of a delay and of losses, since bytes and not packets pass here.
/// </summary>
internal sealed class CutLink : IDisposable
{
    private const int WholeBytes = 64 * 1024, ShapedBytes = 16 * 1024, InFlight = 64;

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _over = new();
    private readonly List<Socket> _sockets = [];
    private readonly int _target;
    private readonly LinkShape? _shape;
    private long _passed;
    private int _directions;
    private volatile bool _frozen;

    public CutLink(int target, LinkShape? shape = null)
    {
        _target = target;
        _shape = shape;
        _listener.Start();
        _ = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Bytes that went either way.</summary>
    public long Passed => Interlocked.Read(ref _passed);

    public bool Frozen { get => _frozen; set => _frozen = value; }

    /// <summary>Resets every connection.</summary>
    public void Break()
    {
        lock (_sockets)
        {
            foreach (Socket socket in _sockets)
            {
                socket.LingerState = new LingerOption(true, 0);
                socket.Close();
            }
            _sockets.Clear();
        }
    }

    public void Dispose()
    {
        _over.Cancel();
        _listener.Stop();
        Break();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                Socket near = await _listener.AcceptSocketAsync(_over.Token);
                Socket far = new(SocketType.Stream, ProtocolType.Tcp);
                lock (_sockets) _sockets.AddRange([near, far]);
                await far.ConnectAsync(IPAddress.Loopback, _target, _over.Token);
                _ = PassAsync(near, far);
                _ = PassAsync(far, near);
            }
        }
        catch (Exception exception) when (IsEnd(exception))
        {
            // The link is gone.
        }
    }

    private async Task PassAsync(Socket from, Socket to)
    {
        try
        {
            if (_shape is null) await PassWholeAsync(from, to);
            else await PassShapedAsync(from, to, _shape, new Random(_shape.Seed + Interlocked.Increment(ref _directions)));
            await ThawedAsync();
            to.Shutdown(SocketShutdown.Send);
        }
        catch (Exception exception) when (IsEnd(exception))
        {
            // The link is gone.
        }
    }

    private async Task PassWholeAsync(Socket from, Socket to)
    {
        byte[] buffer = new byte[WholeBytes];
        int read;
        while ((read = await from.ReceiveAsync(buffer, _over.Token)) > 0) await SendAsync(to, buffer.AsMemory(0, read));
    }

    // What is on its way waits in the channel for its time of arrival.
    private async Task PassShapedAsync(Socket from, Socket to, LinkShape shape, Random random)
    {
        Channel<(byte[] Bytes, TimeSpan At)> way = Channel.CreateBounded<(byte[], TimeSpan)>(InFlight);
        Stopwatch watch = Stopwatch.StartNew();
        Task sending = Task.Run(async () =>
        {
            await foreach ((byte[] bytes, TimeSpan at) in way.Reader.ReadAllAsync(_over.Token))
            {
                if (at - watch.Elapsed is { TotalMilliseconds: >= 1 } early) await Task.Delay(early, _over.Token);
                await SendAsync(to, bytes);
            }
        });
        byte[] buffer = new byte[ShapedBytes];
        TimeSpan free = TimeSpan.Zero;
        int read;
        try
        {
            while ((read = await from.ReceiveAsync(buffer, _over.Token)) > 0)
            {
                TimeSpan now = watch.Elapsed;
                bool alone = way.Reader.Count == 0 && read < ShapedBytes;
                free = (now > free ? now : free) + TimeSpan.FromSeconds(read / shape.BytesPerSecond) + shape.Stall(read, alone, random);
                await way.Writer.WriteAsync((buffer[..read], free + shape.Delay), _over.Token);
            }
        }
        finally
        {
            way.Writer.Complete();
        }
        await sending;
    }

    private async Task SendAsync(Socket to, ReadOnlyMemory<byte> bytes)
    {
        await ThawedAsync();
        for (int sent = 0; sent < bytes.Length;) sent += await to.SendAsync(bytes[sent..], _over.Token);
        Interlocked.Add(ref _passed, bytes.Length);
    }

    private async Task ThawedAsync()
    {
        while (_frozen) await Task.Delay(10, _over.Token);
    }

    private static bool IsEnd(Exception exception) => exception is OperationCanceledException or SocketException or ObjectDisposedException or ChannelClosedException;
}
