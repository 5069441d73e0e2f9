using System.Globalization;
using System.Net;
using System.Runtime.ExceptionServices;

namespace EdgeBench.Models.ChatTemplates;

/// <summary>Arguments of a filter or a test where it is called.</summary>
internal sealed record FilterCall(TemplateRun Run, IReadOnlyList<object?> Positions, IReadOnlyDictionary<string, object?> Names, int Line)
{
    /// <summary>By place, or by name; null where neither is there.</summary>
    public object? Argument(int index, string name = "") => index < Positions.Count ? Positions[index] : Names.GetValueOrDefault(name);

    public bool Has(int index, string name) => index < Positions.Count || Names.ContainsKey(name);

    public string? Text(int index, string name) => Argument(index, name) switch
    {
        null => null,
        string text => text,
        object other => throw Refused($"{Values.Kind(other)} as '{name}'", "a text"),
    };

    public Core.Problems.EdgeBenchException Refused(string offender, string expected) => TemplateErrors.At(Line, offender, expected);
}

/// <summary>What may follow a bar. Semantics: Jinja 3's built-in filters, with transformers' <c>tojson</c>.</summary>
internal static class Filters
{
    public delegate object? Function(object? value, FilterCall call);

    private static readonly Dictionary<string, Function> s_all = new()
    {
        ["trim"] = (value, call) => Methods.Strip(Text(value, call), [call.Argument(0, "chars")], left: true, right: true),
        ["upper"] = (value, call) => Text(value, call).ToUpperInvariant(),
        ["lower"] = (value, call) => Text(value, call).ToLowerInvariant(),
        ["title"] = (value, call) => Methods.Title(Text(value, call)),
        ["capitalize"] = (value, call) => Methods.Capitalize(Text(value, call)),
        ["string"] = (value, call) => Text(value, call),
        ["safe"] = (value, _) => value,
        ["escape"] = (value, call) => WebUtility.HtmlEncode(Text(value, call)).Replace("&quot;", "&#34;", StringComparison.Ordinal),
        ["replace"] = (value, call) => Methods.Replace(call.Run, Text(value, call), call.Text(0, "old") ?? "", call.Text(1, "new") ?? "", Values.Integer(call.Argument(2, "count")) ?? -1),
        ["indent"] = Indent,
        ["wordcount"] = (value, call) => (long)Text(value, call).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Length,
        ["length"] = (value, call) => value is string text ? text.EnumerateRunes().Count() : Items(value, call).Count + 0L,
        ["default"] = (value, call) => value is Undefined || (Values.IsTrue(call.Argument(1, "boolean")) && !Values.IsTrue(value)) ? call.Has(0, "default_value") ? call.Argument(0, "default_value") : "" : value,
        ["tojson"] = (value, call) => JsonText.Of(value, call),
        ["join"] = Join,
        ["first"] = (value, call) => Items(value, call) is { Count: > 0 } items ? items[0] : new Undefined("first"),
        ["last"] = (value, call) => Items(value, call) is { Count: > 0 } items ? items[^1] : new Undefined("last"),
        ["list"] = (value, call) => Items(value, call).ToList(),
        ["items"] = (value, call) => value is Undefined ? new List<object?>() : value is TemplateMap map ? Methods.Items(call.Run, map) : throw call.Refused($"items of {Values.Kind(value)}", "a mapping"),
        ["dictsort"] = DictSort,
        ["reverse"] = (value, call) => value is string text ? string.Concat(Values.Items(text).Reverse()) : Items(value, call).Reverse().ToList(),
        ["sort"] = Sort,
        ["unique"] = Unique,
        ["sum"] = (value, call) => Items(value, call).Aggregate<object?, object?>(call.Argument(1, "start") ?? 0L, (total, item) => Add(total, Of(item, call.Argument(0, "attribute"), call), call)),
        ["min"] = (value, call) => Extreme(value, call, -1),
        ["max"] = (value, call) => Extreme(value, call, 1),
        ["map"] = Map,
        ["select"] = (value, call) => Chosen(value, call, byAttribute: false, keeps: true),
        ["reject"] = (value, call) => Chosen(value, call, byAttribute: false, keeps: false),
        ["selectattr"] = (value, call) => Chosen(value, call, byAttribute: true, keeps: true),
        ["rejectattr"] = (value, call) => Chosen(value, call, byAttribute: true, keeps: false),
        ["attr"] = (value, call) => AttributeExpression.Of(value, call.Text(0, "name") ?? "", call.Line),
        ["int"] = Whole,
        ["float"] = (value, call) => Real(value) ?? call.Argument(0, "default") ?? 0.0,
        ["abs"] = (value, call) => value switch { long number => (object)Math.Abs(number == long.MinValue ? 0 : number), double number => Math.Abs(number), _ => throw call.Refused($"the size of {Values.Kind(value)}", "a number") },
        ["round"] = Round,
    };

    private static readonly Dictionary<string, string> s_aliases = new() { ["count"] = "length", ["d"] = "default", ["e"] = "escape", ["forceescape"] = "escape" };

    public static IEnumerable<string> Names => s_all.Keys.Order(StringComparer.Ordinal);

    public static Function? Find(string name) => s_all.GetValueOrDefault(s_aliases.GetValueOrDefault(name, name));

    private static string Text(object? value, FilterCall call)
    {
        string text = Values.Text(value, call.Run.Budget);
        call.Run.Budget.Spend(text.Length);
        return text;
    }

    private static IReadOnlyList<object?> Items(object? value, FilterCall call)
    {
        if (value is string text) call.Run.Budget.SpendItems(text.Length);
        IReadOnlyList<object?> items = Values.Items(value);
        call.Run.Budget.SpendItems(items.Count);
        return items;
    }

    /// <summary>An attribute of an item, dots going deeper; the item itself without one.</summary>
    private static object? Of(object? item, object? attribute, FilterCall call)
    {
        call.Run.Budget.Step();
        if (attribute is long index) return ItemExpression.Of(item, index, call.Line);
        if (attribute is not string path) return item;
        foreach (string part in path.Split('.'))
        {
            object? key = long.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out long number) ? number : part;
            item = item is Undefined ? item : ItemExpression.Of(item, key, call.Line);
        }
        return item;
    }

    private static string Join(object? value, FilterCall call) =>
        Methods.Join(call.Run, call.Argument(0, "d") is { } between ? Values.Text(between, call.Run.Budget) : "", [.. Items(value, call).Select(item => Of(item, call.Argument(1, "attribute"), call))]);

    private static string Indent(object? value, FilterCall call)
    {
        object? width = call.Argument(0, "width");
        string indent = width is string own ? own : new string(' ', (int)Math.Clamp(Values.Integer(width) ?? 4, 0, 1024));
        bool first = Values.IsTrue(call.Argument(1, "first")), blank = Values.IsTrue(call.Argument(2, "blank"));
        string[] lines = Text(value, call).Split('\n');
        call.Run.Budget.Spend((long)lines.Length * indent.Length);
        for (int i = first ? 0 : 1; i < lines.Length; i++)
        {
            if (blank || lines[i].Length > 0 || (first && i == 0)) lines[i] = indent + lines[i];
        }
        return string.Join('\n', lines);
    }

    private static List<object?> Map(object? value, FilterCall call)
    {
        IReadOnlyList<object?> items = Items(value, call);
        if (call.Names.TryGetValue("attribute", out object? attribute))
        {
            object? otherwise = call.Names.GetValueOrDefault("default");
            return [.. items.Select(item => Of(item, attribute, call) is var found && found is Undefined && otherwise is not null ? otherwise : found)];
        }
        string name = call.Text(0, "filter") ?? throw call.Refused("'map' without a filter", "a filter's name or attribute=");
        Function filter = Find(name) ?? throw call.Refused($"filter '{name}'", $"one of {string.Join(", ", Names)}");
        FilterCall inner = call with { Positions = [.. call.Positions.Skip(1)] };
        return [.. items.Select(item => filter(item, inner))];
    }

    private static List<object?> Chosen(object? value, FilterCall call, bool byAttribute, bool keeps)
    {
        object? attribute = byAttribute ? call.Argument(0) ?? throw call.Refused("no attribute", "an attribute's name") : null;
        int at = byAttribute ? 1 : 0;
        string? name = call.Text(at, "test");
        TemplateTests.Function? test = name is null ? null : TemplateTests.Find(name) ?? throw call.Refused($"test '{name}'", $"one of {string.Join(", ", TemplateTests.Names)}");
        FilterCall inner = call with { Positions = [.. call.Positions.Skip(at + 1)] };
        return [.. Items(value, call).Where(item => Of(item, attribute, call) is var tested && (test is null ? Values.IsTrue(tested) : test(tested, inner)) == keeps)];
    }

    private static List<object?> Sort(object? value, FilterCall call)
    {
        object? attribute = call.Argument(2, "attribute");
        bool sensitive = Values.IsTrue(call.Argument(1, "case_sensitive"));
        Comparer<object?> order = Comparer<object?>.Create((a, b) => Compare(a, b, sensitive, call));
        return Ordered(Items(value, call), item => Of(item, attribute, call), order, Values.IsTrue(call.Argument(0, "reverse")));
    }

    // Stable, as Python's. .NET wraps what a comparison throws.
    private static List<object?> Ordered(IEnumerable<object?> items, Func<object?, object?> key, Comparer<object?> order, bool reverse)
    {
        try
        {
            return reverse ? [.. items.OrderByDescending(key, order)] : [.. items.OrderBy(key, order)];
        }
        catch (InvalidOperationException error) when (error.InnerException is Core.Problems.EdgeBenchException refused)
        {
            ExceptionDispatchInfo.Throw(refused);
            throw;
        }
    }

    private static int Compare(object? a, object? b, bool sensitive, FilterCall call)
    {
        call.Run.Budget.Step();
        return Values.Compare(Folded(a, sensitive), Folded(b, sensitive), call.Run.Budget);
    }

    private static object? Folded(object? value, bool sensitive) => !sensitive && value is string text ? text.ToLowerInvariant() : value;

    private static List<object?> DictSort(object? value, FilterCall call)
    {
        if (value is not TemplateMap map) throw call.Refused($"dictsort of {Values.Kind(value)}", "a mapping");
        bool byValue = call.Text(1, "by") == "value", sensitive = Values.IsTrue(call.Argument(0, "case_sensitive"));
        Comparer<object?> order = Comparer<object?>.Create((a, b) => Compare(a, b, sensitive, call));
        IEnumerable<object?> pairs = Methods.Items(call.Run, map);
        object? Key(object? pair) => ((List<object?>)pair!)[byValue ? 1 : 0];
        return Ordered(pairs, Key, order, Values.IsTrue(call.Argument(2, "reverse")));
    }

    private static List<object?> Unique(object? value, FilterCall call)
    {
        bool sensitive = Values.IsTrue(call.Argument(0, "case_sensitive"));
        HashSet<string> seen = new(StringComparer.Ordinal);
        return [.. Items(value, call).Where(item => Of(item, call.Argument(1, "attribute"), call) is var key && seen.Add($"{Values.Kind(key)} {Values.Text(Folded(key, sensitive), call.Run.Budget)}"))];
    }

    private static object? Extreme(object? value, FilterCall call, int sign)
    {
        object? attribute = call.Argument(1, "attribute");
        IReadOnlyList<object?> items = Items(value, call);
        if (items.Count == 0) return new Undefined("");
        return items.Aggregate((best, item) => Compare(Of(item, attribute, call), Of(best, attribute, call), Values.IsTrue(call.Argument(0, "case_sensitive")), call) * sign > 0 ? item : best);
    }

    private static object? Add(object? a, object? b, FilterCall call) =>
        new BinaryExpression("+", new LiteralExpression(a), new LiteralExpression(b), call.Line).Evaluate(call.Run);

    private static object? Whole(object? value, FilterCall call)
    {
        if (Values.Integer(call.Argument(1, "base")) is not (null or 10)) throw call.Refused("numbers of another base", "base 10");
        object? otherwise = call.Argument(0, "default") ?? 0L;
        return value switch
        {
            bool flag => flag ? 1L : 0L,
            long number => number,
            double number => Math.Abs(number) < long.MaxValue ? (long)number : otherwise,
            string text when long.TryParse(text.Trim(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number) => number,
            string text when Real(text) is { } number && Math.Abs(number) < long.MaxValue => (long)number,
            _ => otherwise,
        };
    }

    private static double? Real(object? value) => value is string text
        ? double.TryParse(text.Trim(), NumberStyles.Float, CultureInfo.InvariantCulture, out double number) ? number : null : Values.Number(value);

    private static object? Round(object? value, FilterCall call)
    {
        double number = Values.Number(value) ?? throw call.Refused($"{Values.Kind(value)} rounded", "a number");
        int digits = (int)Math.Clamp(Values.Integer(call.Argument(0, "precision")) ?? 0, -15, 15);
        double scale = Math.Pow(10, digits);
        return call.Text(1, "method") switch
        {
            null or "common" => digits >= 0 ? Math.Round(number, digits, MidpointRounding.ToEven) : Math.Round(number * scale, MidpointRounding.ToEven) / scale,
            "ceil" => Math.Ceiling(number * scale) / scale,
            "floor" => Math.Floor(number * scale) / scale,
            string other => throw call.Refused($"'{other}'", "common, ceil or floor"),
        };
    }
}
