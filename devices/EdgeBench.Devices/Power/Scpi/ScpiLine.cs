using System.Net.Sockets;
using System.Text;

namespace EdgeBench.Devices.Power.Scpi;

/// <summary>
/// A raw connection to an instrument. An answer that is late would be taken for the next question's: after any failure the connection is given up, and the
/// next question opens another.
/// </summary>
internal sealed class ScpiLine(string host, int port) : IDisposable
{
    private const int MaxAnswer = 256;
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(1);

    private TcpClient? _connection;

    /// <summary>The answer as a number; null where there is none in time, or none that is a number.</summary>
    public async Task<double?> AskAsync(string question, CancellationToken cancellation)
    {
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(s_limit);
        try
        {
            if (_connection is null)
            {
                _connection = new TcpClient { NoDelay = true };
                await _connection.ConnectAsync(host, port, limit.Token).ConfigureAwait(false);
            }
            NetworkStream stream = _connection.GetStream();
            await stream.WriteAsync(Encoding.ASCII.GetBytes(question + "\n"), limit.Token).ConfigureAwait(false);
            string? answer = await LineAsync(stream, limit.Token).ConfigureAwait(false);
            if (MeterReading.Number(answer) is { } value) return value;
        }
        catch (Exception exception) when (exception is SocketException or IOException or InvalidOperationException
            || (exception is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            // As an answer that is no number: begin anew.
        }
        Dispose();
        return null;
    }

    public void Dispose()
    {
        _connection?.Dispose();
        _connection = null;
    }

    private static async Task<string?> LineAsync(NetworkStream stream, CancellationToken cancellation)
    {
        byte[] buffer = new byte[MaxAnswer];
        int kept = 0;
        while (kept < buffer.Length)
        {
            int read = await stream.ReadAsync(buffer.AsMemory(kept), cancellation).ConfigureAwait(false);
            if (read == 0) return null;
            int end = Array.IndexOf(buffer, (byte)'\n', kept, read);
            kept += read;
            if (end < 0) continue;
            // More than one line was not asked for.
            return end == kept - 1 ? Encoding.ASCII.GetString(buffer, 0, end) : null;
        }
        return null;
    }
}
