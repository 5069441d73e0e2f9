using System.Globalization;
using System.Text;

namespace EdgeBench.Models.ChatTemplates;

/// <summary>Functions that every template can call: Jinja's and those that transformers adds.</summary>
internal static class Globals
{
    public static IReadOnlyDictionary<string, Callable> All { get; } = new Dictionary<string, Callable>
    {
        ["range"] = (run, given, _) => Range(run, given),
        ["namespace"] = (_, given, names) => Map(given, names, isNamespace: true),
        ["dict"] = (_, given, names) => Map(given, names, isNamespace: false),
        ["raise_exception"] = (run, given, _) =>
            throw TemplateErrors.Refused($"the chat template refuses this conversation: {Values.Text(given.ElementAtOrDefault(0), run.Budget)}", "a conversation that it takes"),
        ["strftime_now"] = (run, given, _) => given.ElementAtOrDefault(0) is string format ? Time(run.Clock.GetLocalNow(), format) : throw TemplateErrors.Refused("strftime_now without a format", "a format"),
    };

    private static List<object?> Range(TemplateRun run, IReadOnlyList<object?> given)
    {
        long[] bounds = [.. given.Select(value => Values.Integer(value) ?? throw TemplateErrors.Refused($"range() of {Values.Kind(value)}", "whole numbers"))];
        if (bounds.Length is 0 or > 3) throw TemplateErrors.Refused($"range() of {bounds.Length} numbers", "1 to 3");
        (long start, long stop, long step) = bounds.Length == 1 ? (0, bounds[0], 1) : (bounds[0], bounds[1], bounds.Length == 3 ? bounds[2] : 1);
        if (step == 0) throw TemplateErrors.Refused("range() in steps of 0", "another step");
        Int128 count = step > 0 ? ((Int128)stop - start + step - 1) / step : ((Int128)start - stop - step - 1) / -(Int128)step;
        run.Budget.SpendItems(count > int.MaxValue ? long.MaxValue / 2 : (long)Int128.Max(0, count));
        List<object?> numbers = [];
        for (long i = 0; i < count; i++) numbers.Add(start + (i * step));
        return numbers;
    }

    private static TemplateMap Map(IReadOnlyList<object?> given, IReadOnlyDictionary<string, object?> names, bool isNamespace)
    {
        TemplateMap map = new() { IsNamespace = isNamespace };
        foreach (object? value in given)
        {
            if (value is not TemplateMap from) throw TemplateErrors.Refused($"{Values.Kind(value)} as entries", "a mapping");
            foreach ((object key, object? entry) in from) map[key] = entry;
        }
        foreach ((string name, object? value) in names) map[name] = value;
        return map;
    }

    // C's strftime in English.
    private static string Time(DateTimeOffset now, string format)
    {
        StringBuilder text = new();
        for (int i = 0; i < format.Length; i++)
        {
            if (format[i] != '%' || i + 1 == format.Length)
            {
                text.Append(format[i]);
                continue;
            }
            bool bare = format[i + 1] == '-' && i + 2 < format.Length;
            i += bare ? 2 : 1;
            string part = format[i] switch
            {
                'Y' => now.ToString("yyyy", CultureInfo.InvariantCulture),
                'y' => now.ToString("yy", CultureInfo.InvariantCulture),
                'm' => now.ToString("MM", CultureInfo.InvariantCulture),
                'd' => now.ToString("dd", CultureInfo.InvariantCulture),
                'B' => now.ToString("MMMM", CultureInfo.InvariantCulture),
                'b' => now.ToString("MMM", CultureInfo.InvariantCulture),
                'A' => now.ToString("dddd", CultureInfo.InvariantCulture),
                'a' => now.ToString("ddd", CultureInfo.InvariantCulture),
                'H' => now.ToString("HH", CultureInfo.InvariantCulture),
                'I' => now.ToString("hh", CultureInfo.InvariantCulture),
                'M' => now.ToString("mm", CultureInfo.InvariantCulture),
                'S' => now.ToString("ss", CultureInfo.InvariantCulture),
                'p' => now.ToString("tt", CultureInfo.InvariantCulture),
                'j' => now.DayOfYear.ToString("000", CultureInfo.InvariantCulture),
                'F' => now.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
                'T' => now.ToString("HH:mm:ss", CultureInfo.InvariantCulture),
                '%' => "%",
                _ => throw TemplateErrors.Refused($"strftime's '%{format[i]}'", "one of Y y m d B b A a H I M S p j F T"),
            };
            text.Append(bare ? part.TrimStart('0') is { Length: > 0 } trimmed ? trimmed : "0" : part);
        }
        return text.ToString();
    }
}
