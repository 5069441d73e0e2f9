using System.Net;
using System.Net.Sockets;

namespace EdgeBench.Remote.Tests;

/// <summary>
/// A link between ssh and sshd that can be cut. Frozen, it takes no byte and drops no connection, as a network does whose cable was pulled; broken, it
/// resets its connections.
/// </summary>
internal sealed class CutLink : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _over = new();
    private readonly List<Socket> _sockets = [];
    private readonly int _target;
    private long _passed;
    private volatile bool _frozen;

    public CutLink(int target)
    {
        _target = target;
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
        catch (Exception exception) when (exception is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The link is gone.
        }
    }

    private async Task PassAsync(Socket from, Socket to)
    {
        byte[] buffer = new byte[64 * 1024];
        try
        {
            int read;
            while ((read = await from.ReceiveAsync(buffer, _over.Token)) > 0)
            {
                while (_frozen) await Task.Delay(10, _over.Token);
                await to.SendAsync(buffer.AsMemory(0, read), _over.Token);
                Interlocked.Add(ref _passed, read);
            }
            to.Shutdown(SocketShutdown.Send);
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The link is gone.
        }
    }
}
