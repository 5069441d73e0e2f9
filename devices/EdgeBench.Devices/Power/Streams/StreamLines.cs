using System.Text.Json;

namespace EdgeBench.Devices.Power.Streams;

/// <summary>Turns an instrument's lines, JSON objects or CSV under a header, into readings of power.</summary>
internal sealed class StreamLines(StreamOptions options)
{
    private static readonly char[] s_separators = [',', ';', '\t'];

    private string[]? _header;
    private char _separator;
    private (double Time, double Arrival)? _first;

    private IEnumerable<string> Fields => new[] { options.Power, options.Power is null ? options.Current : null, options.Power is null ? options.Voltage : null, options.Time }.OfType<string>();

    /// <summary>A reading, or null for a line that is none: what is printed before the header.</summary>
    public MeterReading? Read(string line, double arrival)
    {
        string text = line.Trim().TrimStart('#');
        if (text.Length == 0) return null;
        if (text[0] == '{') return OfJson(text, arrival);
        if (_header is not null) return OfRow(text.Split(_separator, StringSplitOptions.TrimEntries), arrival);
        foreach (char separator in s_separators)
        {
            string[] names = text.Split(separator, StringSplitOptions.TrimEntries);
            if (!Fields.All(names.Contains)) continue;
            (_header, _separator) = (names, separator);
            break;
        }
        return null;
    }

    /// <summary>What is wrong with the options, or null.</summary>
    public static string? Problem(StreamOptions options) =>
        options.Program.Length == 0 ? "'program' is empty"
        : options.Power is null && options.Current is null ? "neither 'power' nor 'current' names a field"
        : options.Power is null && options is { Voltage: null, Volts: null } ? "'current' stands without 'voltage' or 'volts'"
        : null;

    private MeterReading OfRow(string[] cells, double arrival) =>
        // A torn row would shift its numbers under other names.
        cells.Length != _header!.Length ? new MeterReading(arrival, 0, ReadingFlaw.Unreadable)
        : Reading(name => MeterReading.Number(cells[Array.IndexOf(_header, name)]), arrival);

    private MeterReading OfJson(string text, double arrival)
    {
        try
        {
            using JsonDocument json = JsonDocument.Parse(text, new JsonDocumentOptions { MaxDepth = 16 });
            JsonElement root = json.RootElement;
            return Reading(path => JsonNumber.At(root, path.Split('.')), arrival);
        }
        catch (JsonException)
        {
            return new MeterReading(arrival, 0, ReadingFlaw.Unreadable);
        }
    }

    private MeterReading Reading(Func<string, double?> field, double arrival)
    {
        double? watts = options.Power is { } power ? field(power) / Scale((int)options.PowerUnit) : field(options.Current!) / Scale((int)options.CurrentUnit) * Volts(field);
        double at = arrival;
        if (options.Time is { } name)
        {
            if (field(name) / Scale((int)options.TimeUnit) is not { } time || !double.IsFinite(time)) return new MeterReading(arrival, 0, ReadingFlaw.Unreadable);
            _first ??= (time, arrival);
            at = _first.Value.Arrival + (time - _first.Value.Time);
        }
        return MeterReading.OfPower(at, watts);
    }

    private double? Volts(Func<string, double?> field) => options.Voltage is { } name ? field(name) / Scale((int)options.VoltageUnit) : options.Volts;

    // The units' enumerations go down by thousands. A division by a whole number rounds once.
    private static double Scale(int thousands) => Math.Pow(1000, thousands);
}
