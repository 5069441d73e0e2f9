using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using System.Text.Json;
using EdgeBench.Core.Trials;
using EdgeBench.Core.Wire;

namespace EdgeBench.Agent.Trials;

/// <summary>Reads a trial's lines, distrustfully: everything that is not exactly a known message ends the trial as a protocol failure.</summary>
/// <param name="maxReadings">Of all metrics together.</param>
internal sealed class TrialChannel(int maxReadings = Protocol.MaxTrialReadings)
{
    private readonly Dictionary<string, List<Series>> _series = [];
    private int _readings;

    public TrialEnd? End { get; private set; }

    /// <summary>What stood in a line that the process did not live to end, or null.</summary>
    public string? Unfinished { get; private set; }

    /// <summary>Readings so far, slices joined.</summary>
    public IReadOnlyList<Series> Series => [.. _series.Values.Select(Join)];

    /// <summary>Reads to the end of the stream. Returns what was wrong, or null.</summary>
    public async Task<string?> ReadAsync(Stream stream, CancellationToken cancellation)
    {
        PipeReader reader = PipeReader.Create(stream, new StreamPipeReaderOptions(leaveOpen: true));
        while (true)
        {
            ReadResult result = await reader.ReadAsync(cancellation).ConfigureAwait(false);
            ReadOnlySequence<byte> buffer = result.Buffer;
            while (buffer.PositionOf((byte)'\n') is { } end)
            {
                ReadOnlySequence<byte> line = buffer.Slice(0, end);
                if (line.Length > TrialMessage.MaxBytes) return TooLong;
                if (Take(line) is { } offence) return offence;
                buffer = buffer.Slice(buffer.GetPosition(1, end));
            }
            if (buffer.Length > TrialMessage.MaxBytes) return TooLong;
            reader.AdvanceTo(buffer.Start, buffer.End);
            if (!result.IsCompleted) continue;
            if (buffer.Length > 0 && End is not null) return $"went on after its outcome: {Excerpt(buffer)}";
            if (buffer.Length > 0) Unfinished = Excerpt(buffer);
            return null;
        }
    }

    private static string TooLong => $"wrote a line longer than {TrialMessage.MaxBytes} bytes";

    private string? Take(ReadOnlySequence<byte> line)
    {
        if (End is not null) return $"went on after its outcome: {Excerpt(line)}";
        TrialMessage? message;
        try
        {
            Utf8JsonReader json = new(line, new JsonReaderOptions { MaxDepth = 16 });
            message = JsonSerializer.Deserialize(ref json, TrialJson.Wire.TrialMessage);
            if (json.Read()) return $"wrote more than one value in a line: {Excerpt(line)}";
        }
        catch (JsonException)
        {
            return $"wrote what is no message: {Excerpt(line)}";
        }
        if (message is null) return "wrote 'null'";
        if (message.Version != Protocol.Version) return $"speaks version {message.Version}; expected {Protocol.Version}";
        return message.Event switch
        {
            TrialEvent.Series => Add(message.Series),
            TrialEvent.Outcome => Finish(message.End),
            _ => $"sent an event {message.Event}",
        };
    }

    private string? Add(Series? series)
    {
        if (series?.Metric is null || series.Values is null || series.At is null || series.Repetition is null) return "sent incomplete readings";
        if (series.At.Length != series.Values.Length || series.Repetition.Length != series.Values.Length) return $"sent readings of '{series.Metric}' of unequal length";
        _readings += series.Values.Length;
        if (_readings > maxReadings) return $"sent more than {maxReadings} readings";
        if (!_series.TryGetValue(series.Metric, out List<Series>? slices)) _series[series.Metric] = slices = [];
        slices.Add(series);
        return null;
    }

    private string? Finish(TrialEnd? end)
    {
        bool whole = end is { Facts: not null, NotApplied: not null, Warnings: not null, Failure: null or { Message: not null } }
            && end.Facts.Values.Concat(end.NotApplied).Concat(end.Warnings).All(text => text is not null);
        if (!whole) return "sent an incomplete outcome";
        End = end;
        return null;
    }

    private static Series Join(List<Series> slices) => slices is [var only] ? only : new Series(
        slices[0].Metric,
        [.. slices.SelectMany(slice => slice.Values)],
        [.. slices.SelectMany(slice => slice.At)],
        [.. slices.SelectMany(slice => slice.Repetition)]);

    private static string Excerpt(ReadOnlySequence<byte> line)
    {
        string text = Encoding.UTF8.GetString(line.Slice(0, Math.Min(line.Length, 80)).ToArray());
        return $"'{string.Concat(text.Select(c => char.IsControl(c) ? '?' : c))}{(line.Length > 80 ? "…" : "")}'";
    }
}
