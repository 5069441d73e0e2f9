using System.Text;

namespace EdgeBench.Devices.Processes;

/// <summary>Reads a stream to its end, keeping only the last bytes: a child that floods its standard error neither blocks nor fills memory.</summary>
public sealed class TextTail
{
    private readonly Lock _gate = new();
    private readonly byte[] _ring;
    private long _written;

    /// <param name="capacity">Bytes kept.</param>
    public TextTail(Stream stream, int capacity = 8 * 1024)
    {
        _ring = new byte[capacity];
        Completion = DrainAsync(stream);
    }

    /// <summary>Done when the stream has ended; never faults.</summary>
    public Task Completion { get; }

    /// <summary>The last whole lines so far, control characters taken out; empty where nothing was written.</summary>
    public string LastLines(int count = 12)
    {
        byte[] bytes;
        lock (_gate)
        {
            int kept = (int)Math.Min(_written, _ring.Length);
            bytes = new byte[kept];
            for (int i = 0; i < kept; i++) bytes[i] = _ring[(_written - kept + i) % _ring.Length];
        }
        string[] lines = Encoding.UTF8.GetString(bytes).Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return string.Join('\n', lines.TakeLast(count).Select(line => string.Concat(line.Where(c => !char.IsControl(c) || c == '\t'))));
    }

    private async Task DrainAsync(Stream stream)
    {
        byte[] buffer = new byte[4096];
        try
        {
            int read;
            while ((read = await stream.ReadAsync(buffer).ConfigureAwait(false)) > 0)
            {
                lock (_gate)
                {
                    for (int i = 0; i < read; i++) _ring[(_written + i) % _ring.Length] = buffer[i];
                    _written += read;
                }
            }
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException or OperationCanceledException)
        {
            // The reader's end was closed: what was read stays.
        }
    }
}
