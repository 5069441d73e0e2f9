using System.Collections;
using System.Globalization;
using System.Text;

namespace EdgeBench.Models.ChatTemplates;

/// <summary>A name that stands for nothing. It prints as nothing, is false and empty; using it further is an error.</summary>
internal sealed record Undefined(string Name);

/// <summary>A dictionary in the order of insertion; keys are values.</summary>
internal sealed class TemplateMap : IEnumerable<KeyValuePair<object, object?>>
{
    private readonly OrderedDictionary<object, object?> _entries = new(Values.KeyComparer);

    public int Count => _entries.Count;

    /// <summary>True for what <c>namespace()</c> makes: the only kind whose entries can be set.</summary>
    public bool IsNamespace { get; init; }

    public object? this[object key]
    {
        get => _entries[key];
        set => _entries[key] = value;
    }

    public IEnumerable<object> Keys => _entries.Keys;

    public bool TryGet(object key, out object? value) => _entries.TryGetValue(key, out value);

    public IEnumerator<KeyValuePair<object, object?>> GetEnumerator() => _entries.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}

/// <summary>A list that prints in round brackets.</summary>
internal sealed class TemplateTuple(IEnumerable<object?> items) : List<object?>(items);

/// <summary>A macro, a method or a global function.</summary>
internal delegate object? Callable(TemplateRun run, IReadOnlyList<object?> positions, IReadOnlyDictionary<string, object?> names);

/// <summary>
/// Values as Python has them: null is None, bool, long, double, string, <see cref="List{T}"/>, <see cref="TemplateMap"/>, <see cref="Callable"/>,
/// <see cref="Undefined"/>.
/// </summary>
internal static class Values
{
    // 1, 1.0 and true are the same key, as in Python.
    public static IEqualityComparer<object> KeyComparer { get; } = EqualityComparer<object>.Create((a, b) => AreEqual(a, b), key => Number(key) is { } number ? number.GetHashCode() : key.GetHashCode());

    public static bool IsTrue(object? value) => value switch
    {
        null or Undefined => false,
        bool flag => flag,
        long number => number != 0,
        double number => number != 0,
        string text => text.Length > 0,
        List<object?> list => list.Count > 0,
        TemplateMap map => map.IsNamespace || map.Count > 0,
        _ => true,
    };

    public static double? Number(object? value) => value switch
    {
        bool flag => flag ? 1 : 0,
        long number => number,
        double number => number,
        _ => null,
    };

    public static long? Integer(object? value) => value switch
    {
        bool flag => flag ? 1 : 0,
        long number => number,
        _ => null,
    };

    /// <param name="budget">Pays for items of lists and mappings; null where neither occurs.</param>
    public static bool AreEqual(object? a, object? b, Budget? budget = null)
    {
        budget?.Step();
        System.Runtime.CompilerServices.RuntimeHelpers.EnsureSufficientExecutionStack();
        if (Integer(a) is { } left && Integer(b) is { } right) return left == right;
        if (Number(a) is { } one && Number(b) is { } other) return one == other;
        return (a, b) switch
        {
            (null, null) => true,
            (Undefined, Undefined) => true,
            (string first, string second) => string.Equals(first, second, StringComparison.Ordinal),
            (List<object?> first, List<object?> second) => first is TemplateTuple == second is TemplateTuple && first.Count == second.Count && first.Zip(second).All(pair => AreEqual(pair.First, pair.Second, budget)),
            (TemplateMap first, TemplateMap second) => first.Count == second.Count && first.All(entry => second.TryGet(entry.Key, out object? value) && AreEqual(entry.Value, value, budget)),
            (Callable first, Callable second) => ReferenceEquals(first, second),
            _ => false,
        };
    }

    /// <summary>Less than 0, 0 or more; throws for kinds that have no order.</summary>
    public static int Compare(object? a, object? b, Budget budget)
    {
        budget.Step();
        System.Runtime.CompilerServices.RuntimeHelpers.EnsureSufficientExecutionStack();
        if (Integer(a) is { } left && Integer(b) is { } right) return left.CompareTo(right);
        if (Number(a) is { } one && Number(b) is { } other) return one.CompareTo(other);
        if (a is string first && b is string second) return CompareByCodePoint(first, second);
        if (a is List<object?> some && b is List<object?> others)
        {
            for (int i = 0; i < Math.Min(some.Count, others.Count); i++)
            {
                if (Compare(some[i], others[i], budget) is not 0 and int order) return order;
            }
            return some.Count.CompareTo(others.Count);
        }
        throw TemplateErrors.Refused($"a comparison of {Kind(a)} and {Kind(b)}", "two numbers, texts or lists");
    }

    /// <summary>What <c>{{ value }}</c> prints: Python's <c>str</c>.</summary>
    public static string Text(object? value, Budget budget) => value is string text ? text : value is Undefined ? "" : Representation(value, budget);

    public static string Kind(object? value) => value switch
    {
        null => "none",
        bool => "a truth value",
        long or double => "a number",
        string => "a text",
        List<object?> => "a list",
        TemplateMap { IsNamespace: true } => "a namespace",
        TemplateMap => "a mapping",
        Undefined undefined => undefined.Name.Length > 0 ? $"'{undefined.Name}', which is undefined" : "something undefined",
        _ => "a function",
    };

    /// <summary>Items of what a loop runs over; keys of a mapping, letters of a text.</summary>
    public static IReadOnlyList<object?> Items(object? value) => value switch
    {
        List<object?> list => list,
        TemplateMap { IsNamespace: false } map => [.. map.Keys],
        string text => [.. text.EnumerateRunes().Select(rune => (object?)rune.ToString())],
        Undefined => [],
        _ => throw TemplateErrors.Refused($"{Kind(value)} where items are needed", "a list, a mapping or a text"),
    };

    /// <summary>A tree of .NET's dictionaries, lists and scalars as values.</summary>
    public static object? FromTree(object? tree)
    {
        System.Runtime.CompilerServices.RuntimeHelpers.EnsureSufficientExecutionStack();
        switch (tree)
        {
            case null or bool or long or double or string or TemplateMap: return tree;
            case int number: return (long)number;
            case float number: return (double)number;
            case IReadOnlyDictionary<string, object?> dictionary:
                TemplateMap map = new();
                foreach ((string key, object? value) in dictionary) map[key] = FromTree(value);
                return map;
            case IEnumerable<object?> list: return list.Select(FromTree).ToList();
            default: throw TemplateErrors.Refused($"a {tree.GetType().Name} among the variables of a chat template", "dictionaries, lists, texts, numbers and truth values");
        }
    }

    /// <summary>Python's <c>repr</c> of a float.</summary>
    public static string Float(double value)
    {
        if (double.IsNaN(value)) return "nan";
        if (double.IsInfinity(value)) return value > 0 ? "inf" : "-inf";
        string text = value.ToString("R", CultureInfo.InvariantCulture);
        double size = Math.Abs(value);
        if (size != 0 && (size < 1e-4 || size >= 1e16)) return Scientific(value);
        if (text.Contains('E')) text = value.ToString("0.####################", CultureInfo.InvariantCulture);
        return text.Contains('.') ? text : text + ".0";
    }

    private static string Scientific(double value)
    {
        string[] parts = value.ToString("E16", CultureInfo.InvariantCulture).Split('E');
        string shortest = value.ToString("R", CultureInfo.InvariantCulture);
        int exponent = int.Parse(parts[1], CultureInfo.InvariantCulture);
        string digits = new([.. shortest.Split('E')[0].Where(char.IsAsciiDigit)]);
        digits = digits.TrimStart('0');
        digits = shortest.Contains('E') ? digits : digits.TrimEnd('0');
        string mantissa = digits.Length > 1 ? $"{digits[0]}.{digits[1..]}" : digits;
        return $"{(value < 0 ? "-" : "")}{mantissa}e{(exponent < 0 ? '-' : '+')}{Math.Abs(exponent):00}";
    }

    private static string Representation(object? value, Budget budget)
    {
        System.Runtime.CompilerServices.RuntimeHelpers.EnsureSufficientExecutionStack();
        string text = value switch
        {
            null => "None",
            bool flag => flag ? "True" : "False",
            long number => number.ToString(CultureInfo.InvariantCulture),
            double number => Float(number),
            string own => Quoted(own),
            Undefined => "Undefined",
            TemplateTuple tuple => $"({string.Join(", ", tuple.Select(item => Representation(item, budget)))}{(tuple.Count == 1 ? "," : "")})",
            List<object?> list => $"[{string.Join(", ", list.Select(item => Representation(item, budget)))}]",
            TemplateMap map => $"{{{string.Join(", ", map.Select(entry => $"{Representation(entry.Key, budget)}: {Representation(entry.Value, budget)}"))}}}",
            _ => "<function>",
        };
        budget.Spend(text.Length);
        return text;
    }

    private static string Quoted(string text)
    {
        char quote = text.Contains('\'') && !text.Contains('"') ? '"' : '\'';
        StringBuilder output = new(text.Length + 2);
        output.Append(quote);
        foreach (char letter in text)
        {
            output.Append(letter switch
            {
                '\n' => "\\n",
                '\r' => "\\r",
                '\t' => "\\t",
                '\\' => "\\\\",
                < ' ' or '\u007F' => $"\\x{(int)letter:x2}",
                _ when letter == quote => $"\\{letter}",
                _ => letter.ToString(),
            });
        }
        return output.Append(quote).ToString();
    }

    // UTF-16 orders surrogates below U+E000.
    private static int CompareByCodePoint(string a, string b)
    {
        using StringRuneEnumerator first = a.EnumerateRunes().GetEnumerator(), second = b.EnumerateRunes().GetEnumerator();
        StringRuneEnumerator one = first, other = second;
        while (true)
        {
            bool more = one.MoveNext(), others = other.MoveNext();
            if (!more || !others) return more.CompareTo(others);
            if (one.Current.CompareTo(other.Current) is not 0 and int order) return order;
        }
    }
}
