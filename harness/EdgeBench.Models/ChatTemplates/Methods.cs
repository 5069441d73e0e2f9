using System.Text;

namespace EdgeBench.Models.ChatTemplates;

/// <summary>Methods of Python's texts, lists and dictionaries that templates call.</summary>
internal static class Methods
{
    /// <summary>A method bound to its value, or null.</summary>
    public static Callable? Find(object? value, string name) => value switch
    {
        string text => OfText(text, name),
        List<object?> list => OfList(list, name),
        TemplateMap { IsNamespace: false } map => OfMap(map, name),
        _ => null,
    };

    /// <summary>Python's <c>title</c>: a letter after another letter is lower, any other upper.</summary>
    public static string Title(string text)
    {
        StringBuilder output = new(text.Length);
        bool inside = false;
        foreach (Rune rune in text.EnumerateRunes())
        {
            output.Append((inside ? Rune.ToLowerInvariant(rune) : Rune.ToUpperInvariant(rune)).ToString());
            inside = Rune.IsLetter(rune);
        }
        return output.ToString();
    }

    public static string Capitalize(string text)
    {
        int first = text.Length == 0 ? 0 : Rune.GetRuneAt(text, 0).Utf16SequenceLength;
        return text[..first].ToUpperInvariant() + text[first..].ToLowerInvariant();
    }

    public static string Replace(TemplateRun run, string text, string old, string with, long most)
    {
        if (most < 0) most = long.MaxValue;
        StringBuilder output = new(text.Length);
        int at = 0;
        if (old.Length == 0) throw TemplateErrors.Refused("a replacement of nothing", "a text to replace");
        for (int found = text.IndexOf(old, StringComparison.Ordinal); found >= 0 && most-- > 0; found = text.IndexOf(old, at, StringComparison.Ordinal))
        {
            run.Budget.Spend(found - at + with.Length);
            output.Append(text, at, found - at).Append(with);
            at = found + old.Length;
        }
        run.Budget.Spend(text.Length - at);
        return output.Append(text, at, text.Length - at).ToString();
    }

    private static Callable? OfText(string text, string name) => name switch
    {
        "strip" => (_, given, _) => Strip(text, given, left: true, right: true),
        "lstrip" => (_, given, _) => Strip(text, given, left: true, right: false),
        "rstrip" => (_, given, _) => Strip(text, given, left: false, right: true),
        "upper" => (run, _, _) => Made(run, text.ToUpperInvariant()),
        "lower" => (run, _, _) => Made(run, text.ToLowerInvariant()),
        "title" => (run, _, _) => Made(run, Title(text)),
        "capitalize" => (run, _, _) => Made(run, Capitalize(text)),
        "startswith" => (_, given, _) => Affixes(given).Any(affix => text.StartsWith(affix, StringComparison.Ordinal)),
        "endswith" => (_, given, _) => Affixes(given).Any(affix => text.EndsWith(affix, StringComparison.Ordinal)),
        "split" => (run, given, names) => Split(run, text, given, names, fromRight: false),
        "rsplit" => (run, given, names) => Split(run, text, given, names, fromRight: true),
        "splitlines" => (run, given, _) => Lines(run, text, given.Count > 0 && Values.IsTrue(given[0])),
        "replace" => (run, given, names) => Replace(run, text, Text(given, 0), Text(given, 1), Values.Integer(given.ElementAtOrDefault(2) ?? names.GetValueOrDefault("count")) ?? -1),
        "join" => (run, given, _) => Join(run, text, Values.Items(given.ElementAtOrDefault(0))),
        "find" => (_, given, _) => Place(text, text.IndexOf(Text(given, 0), StringComparison.Ordinal)),
        "rfind" => (_, given, _) => Place(text, text.LastIndexOf(Text(given, 0), StringComparison.Ordinal)),
        "index" => (_, given, _) => text.IndexOf(Text(given, 0), StringComparison.Ordinal) is >= 0 and int at ? Place(text, at) : throw TemplateErrors.Refused("a text that is not there", "one that is"),
        "count" => (_, given, _) => Text(given, 0) is { Length: > 0 } part ? text.Split(part).Length - 1L : text.Length + 1L,
        "removeprefix" => (_, given, _) => text.StartsWith(Text(given, 0), StringComparison.Ordinal) ? text[Text(given, 0).Length..] : text,
        "removesuffix" => (_, given, _) => text.EndsWith(Text(given, 0), StringComparison.Ordinal) ? text[..^Text(given, 0).Length] : text,
        "isdigit" => (_, _, _) => text.Length > 0 && text.EnumerateRunes().All(Rune.IsDigit),
        "isalpha" => (_, _, _) => text.Length > 0 && text.EnumerateRunes().All(Rune.IsLetter),
        "isalnum" => (_, _, _) => text.Length > 0 && text.EnumerateRunes().All(Rune.IsLetterOrDigit),
        "isspace" => (_, _, _) => text.Length > 0 && text.All(char.IsWhiteSpace),
        "isupper" => (_, _, _) => text.Any(char.IsUpper) && !text.Any(char.IsLower),
        "islower" => (_, _, _) => text.Any(char.IsLower) && !text.Any(char.IsUpper),
        _ => null,
    };

    // Changing a list is what the sandbox forbids: append and its like are not there.
    private static Callable? OfList(List<object?> list, string name) => name switch
    {
        "index" => (run, given, _) => Searched(run, list).FindIndex(item => Values.AreEqual(item, given.ElementAtOrDefault(0), run.Budget)) is >= 0 and int at
            ? (long)at : throw TemplateErrors.Refused("a value that is not in the list", "one that is"),
        "count" => (run, given, _) => (long)Searched(run, list).Count(item => Values.AreEqual(item, given.ElementAtOrDefault(0), run.Budget)),
        "copy" => (run, _, _) => Searched(run, list).ToList(),
        _ => null,
    };

    private static Callable? OfMap(TemplateMap map, string name) => name switch
    {
        "items" => (run, _, _) => Items(run, map),
        "keys" => (run, _, _) => Spent(run, map).Select(entry => (object?)entry.Key).ToList(),
        "values" => (run, _, _) => Spent(run, map).Select(entry => entry.Value).ToList(),
        "get" => (_, given, names) => given.ElementAtOrDefault(0) is string or long or double or bool && map.TryGet(given[0]!, out object? value)
            ? value : given.ElementAtOrDefault(1) ?? names.GetValueOrDefault("default"),
        "copy" => (run, _, _) => Copy(run, map),
        _ => null,
    };

    /// <summary>Pairs of key and value.</summary>
    public static List<object?> Items(TemplateRun run, TemplateMap map) => [.. Spent(run, map).Select(entry => (object?)new List<object?> { entry.Key, entry.Value })];

    /// <summary>Texts of items with a text between them.</summary>
    public static string Join(TemplateRun run, string between, IReadOnlyList<object?> items)
    {
        string[] texts = [.. items.Select(item => Values.Text(item, run.Budget))];
        run.Budget.Spend(texts.Sum(text => (long)text.Length + between.Length));
        return string.Join(between, texts);
    }

    private static TemplateMap Copy(TemplateRun run, TemplateMap map)
    {
        TemplateMap copy = new();
        foreach ((object key, object? value) in Spent(run, map)) copy[key] = value;
        return copy;
    }

    private static TemplateMap Spent(TemplateRun run, TemplateMap map)
    {
        run.Budget.SpendItems(map.Count);
        return map;
    }

    private static List<object?> Searched(TemplateRun run, List<object?> list)
    {
        run.Budget.SpendItems(list.Count);
        return list;
    }

    private static string Made(TemplateRun run, string text)
    {
        run.Budget.Spend(text.Length);
        return text;
    }

    public static string Strip(string text, IReadOnlyList<object?> given, bool left, bool right)
    {
        if (given.ElementAtOrDefault(0) is not string letters)
        {
            string start = left ? text.TrimStart() : text;
            return right ? start.TrimEnd() : start;
        }
        char[] set = letters.ToCharArray();
        if (set.Length == 0) return text;
        string stripped = left ? text.TrimStart(set) : text;
        return right ? stripped.TrimEnd(set) : stripped;
    }

    private static List<object?> Split(TemplateRun run, string text, IReadOnlyList<object?> given, IReadOnlyDictionary<string, object?> names, bool fromRight)
    {
        object? separator = given.ElementAtOrDefault(0) ?? names.GetValueOrDefault("sep");
        long most = Values.Integer(given.ElementAtOrDefault(1) ?? names.GetValueOrDefault("maxsplit")) ?? -1;
        int limit = most < 0 || most >= int.MaxValue ? int.MaxValue : (int)most + 1;
        run.Budget.Spend(text.Length);
        if (separator is null) return [.. SplitSpaces(text, limit, fromRight)];
        if (separator is not string { Length: > 0 } between) throw TemplateErrors.Refused("a text split at nothing", "a separator");
        if (!fromRight || limit == int.MaxValue) return [.. text.Split(between, limit)];
        List<object?> parts = [];
        string rest = text;
        while (parts.Count + 1 < limit && rest.LastIndexOf(between, StringComparison.Ordinal) is >= 0 and int at)
        {
            parts.Add(rest[(at + between.Length)..]);
            rest = rest[..at];
        }
        parts.Add(rest);
        parts.Reverse();
        return parts;
    }

    private static List<object?> SplitSpaces(string text, int limit, bool fromRight)
    {
        if (limit == int.MaxValue) return [.. text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)];
        if (fromRight) throw TemplateErrors.Refused("rsplit at white space with a limit", "a separator");
        List<object?> parts = [];
        string rest = text.TrimStart();
        while (rest.Length > 0)
        {
            int end = 0;
            while (end < rest.Length && !char.IsWhiteSpace(rest[end])) end++;
            if (parts.Count + 1 == limit) end = rest.TrimEnd().Length;
            parts.Add(rest[..end]);
            rest = rest[end..].TrimStart();
        }
        return parts;
    }

    private static List<object?> Lines(TemplateRun run, string text, bool keepEnds)
    {
        run.Budget.Spend(text.Length);
        List<object?> lines = [];
        for (int start = 0; start < text.Length;)
        {
            int end = text.AsSpan(start).IndexOfAny('\n', '\r') is >= 0 and int found ? start + found : text.Length;
            int next = end == text.Length ? end : end + (text[end] == '\r' && end + 1 < text.Length && text[end + 1] == '\n' ? 2 : 1);
            lines.Add(keepEnds ? text[start..next] : text[start..end]);
            start = next;
        }
        return lines;
    }

    // Python counts code points.
    private static long Place(string text, int at) => at < 0 ? -1 : text[..at].EnumerateRunes().Count();

    private static IEnumerable<string> Affixes(IReadOnlyList<object?> given) => given.ElementAtOrDefault(0) switch
    {
        string text => [text],
        List<object?> list => list.OfType<string>(),
        var other => throw TemplateErrors.Refused($"{Values.Kind(other)} as the start or end of a text", "a text or several"),
    };

    private static string Text(IReadOnlyList<object?> given, int index) => given.ElementAtOrDefault(index) as string
        ?? throw TemplateErrors.Refused($"{(index < given.Count ? Values.Kind(given[index]) : "nothing")} as an argument", "a text");
}
