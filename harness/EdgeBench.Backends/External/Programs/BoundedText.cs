using System.Diagnostics;
using System.Text;

namespace EdgeBench.Backends.External.Programs;

/// <summary>Reads a stream to its end and keeps all of it up to a limit; past that it keeps reading, so that the writer never blocks, and says so.</summary>
internal sealed class BoundedText
{
    // Of arrivals: 16 MB. What comes later has no time.
    private const int MostArrivals = 1 << 20;

    private static readonly long s_apart = Stopwatch.Frequency / 1000;

    private readonly Lock _gate = new();

    // Timestamps of Stopwatch with how much had been read within a millisecond of it.
    private readonly List<(long At, int Length)> _arrivals = [];
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

    /// <summary>Lines with the times at which their ends came; those past the last known time are left out.</summary>
    /// <param name="started">Timestamp of <see cref="Stopwatch"/> that counts as zero.</param>
    public IReadOnlyList<ArrivedLine> Lines(long started)
    {
        lock (_gate)
        {
            List<ArrivedLine> lines = [];
            ReadOnlySpan<byte> all = _kept.GetBuffer().AsSpan(0, (int)_kept.Length);
            for (int from = 0, arrival = 0; from < all.Length;)
            {
                int length = all[from..].IndexOf((byte)'\n'), end = length < 0 ? all.Length : from + length + 1;
                while (arrival < _arrivals.Count && _arrivals[arrival].Length < end) arrival++;
                if (arrival == _arrivals.Count) break;
                string text = Encoding.UTF8.GetString(all[from..end]).TrimEnd('\n', '\r');
                lines.Add(new ArrivedLine(text, Stopwatch.GetElapsedTime(started, _arrivals[arrival].At).TotalSeconds));
                from = end;
            }
            return lines;
        }
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

    private void Arrived(long now)
    {
        if (_arrivals.Count > 0 && now - _arrivals[^1].At < s_apart) _arrivals[^1] = _arrivals[^1] with { Length = (int)_kept.Length };
        else if (_arrivals.Count < MostArrivals) _arrivals.Add((now, (int)_kept.Length));
    }

    private void Drain(Stream stream, Action overflowed)
    {
        byte[] buffer = new byte[64 * 1024];
        try
        {
            for (int read; (read = stream.Read(buffer)) > 0;)
            {
                bool first;
                long now = Stopwatch.GetTimestamp();
                lock (_gate)
                {
                    int room = Math.Min(read, _limit - (int)_kept.Length);
                    _kept.Write(buffer, 0, room);
                    Arrived(now);
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
