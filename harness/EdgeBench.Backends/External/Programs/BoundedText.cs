using System.Text;

namespace EdgeBench.Backends.External.Programs;

/// <summary>Reads a stream to its end and keeps all of it up to a limit; past that it keeps reading, so that the writer never blocks, and says so.</summary>
internal sealed class BoundedText
{
    private readonly Lock _gate = new();
    private readonly MemoryStream _kept = new();
    private readonly int _limit;
    private bool _overflowed;

    /// <param name="limit">Bytes kept.</param>
    /// <param name="overflowed">Called once where the stream is longer.</param>
    public BoundedText(Stream stream, int limit, Action overflowed)
    {
        _limit = limit;
        Completion = Task.Run(() => Drain(stream, overflowed));
    }

    /// <summary>Done when the stream has ended; never faults.</summary>
    public Task Completion { get; }

    public string Text()
    {
        lock (_gate) return Encoding.UTF8.GetString(_kept.GetBuffer(), 0, (int)_kept.Length);
    }

    /// <summary>The last lines for a message, control characters taken out.</summary>
    public string LastLines(int count = 8)
    {
        const int Tail = 4096;
        string text;
        lock (_gate)
        {
            int from = (int)Math.Max(0, _kept.Length - Tail);
            text = Encoding.UTF8.GetString(_kept.GetBuffer(), from, (int)_kept.Length - from);
        }
        string[] lines = text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return string.Join('\n', lines.TakeLast(count).Select(line => string.Concat(line.Where(c => !char.IsControl(c) || c == '\t'))));
    }

    private void Drain(Stream stream, Action overflowed)
    {
        byte[] buffer = new byte[64 * 1024];
        try
        {
            for (int read; (read = stream.Read(buffer)) > 0;)
            {
                bool first;
                lock (_gate)
                {
                    int room = Math.Min(read, _limit - (int)_kept.Length);
                    _kept.Write(buffer, 0, room);
                    first = room < read && !_overflowed;
                    _overflowed |= room < read;
                }
                if (first) overflowed();
            }
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException or OperationCanceledException)
        {
            // Our end was closed: what was read stays.
        }
    }
}
