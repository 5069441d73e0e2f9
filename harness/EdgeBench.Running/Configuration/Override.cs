using EdgeBench.Running.Configuration.Shapes;
using EdgeBench.Running.Configuration.Yaml;

namespace EdgeBench.Running.Configuration;

/// <summary>
/// <c>--set path=value</c> on the document before it is validated. The value is YAML; missing keys of maps are created. What was set has the
/// override as its place, so that later problems name it. Nodes are rebuilt along the path: what an alias shares elsewhere stays as it is.
/// </summary>
internal static class Override
{
    /// <summary>The document with one override, or as it was with a problem added.</summary>
    public static YamlNode? Apply(YamlNode? root, string expression, ProblemList problems)
    {
        string quoted = ProblemList.Quote(expression);
        Place place = new($"--set {quoted[1..^1]}", null, null);
        if (OverridePath.Split(expression) is not ({ } steps, { } text))
        {
            problems.Add(place, "", $"override {quoted}",
                "path=value, such as workloads.chat.threads=[1,2] or recipes.int4[0].ptq.weights=q8_0");
            return root;
        }
        if (YamlReader.ReadOverride(text, place.Source, problems) is not { } value)
        {
            problems.Add(place, "", "no value after '='", "a YAML value", "Write null to take the default.");
            return root;
        }
        return Set(root ?? new YamlMap(place, []), steps, "", value, place, problems) ?? root;
    }

    private static YamlNode? Set(YamlNode node, IReadOnlyList<PathStep> steps, string path, YamlNode value, Place place,
        ProblemList problems)
    {
        if (steps.Count == 0) return value;
        if (node is YamlScalar { Kind: ScalarKind.Null } && steps[0].Key is not null) node = new YamlMap(place, []);
        return (node, steps[0].Key) switch
        {
            (YamlMap map, not null) => SetKey(map, steps, path, value, place, problems),
            (YamlList list, null) => SetItem(list, steps, path, value, place, problems),
            _ => Refuse(node, steps[0], path, place, problems),
        };
    }

    private static YamlMap? SetKey(YamlMap map, IReadOnlyList<PathStep> steps, string path, YamlNode value, Place place,
        ProblemList problems)
    {
        (string key, int used) = LongestKey(map, steps);
        IReadOnlyList<PathStep> rest = [.. steps.Skip(used)];
        string inside = RecordShape.Join(path, key);
        YamlPair? old = map.Find(key);
        if (old is null && rest.Count > 0 && rest[0].Key is null)
        {
            string[] names = [.. map.Pairs.Select(pair => pair.Key)];
            problems.AddUnknown(place, inside, "key", key, names);
            return null;
        }
        string? hint = old is not null || path.Length == 0 ? null
            : ProblemList.DidYouMean(key, map.Pairs.Select(pair => pair.Key)) ?? $"The file has no {ProblemList.Quote(inside)}: the override made it.";
        if (Set(old?.Value ?? new YamlMap(place, [], hint), rest, inside, value, place, problems) is not { } set) return null;
        YamlPair pair = new(key, old?.KeyPlace ?? place, set);
        IEnumerable<YamlPair> pairs = old is null ? map.Pairs.Append(pair) : map.Pairs.Select(existing => existing.Key == key ? pair : existing);
        return new YamlMap(map.Place, [.. pairs], map.Hint);
    }

    private static YamlList? SetItem(YamlList list, IReadOnlyList<PathStep> steps, string path, YamlNode value, Place place,
        ProblemList problems)
    {
        int index = steps[0].Index;
        string inside = $"{path}[{index}]";
        if (index >= list.Items.Count)
        {
            string expected = list.Items.Count == 0 ? "a list that is not empty" : $"an index from 0 to {list.Items.Count - 1}";
            problems.Add(place, inside, $"index {index} of a list with {list.Items.Count} entries", expected,
                $"Set the whole list: {path}=[…].");
            return null;
        }
        if (Set(list.Items[index], [.. steps.Skip(1)], inside, value, place, problems) is not { } set) return null;
        YamlNode[] items = [.. list.Items];
        items[index] = set;
        return new YamlList(list.Place, items);
    }

    // Names may hold dots, so the longest run of steps that is a key of this map wins.
    private static (string Key, int Used) LongestKey(YamlMap map, IReadOnlyList<PathStep> steps)
    {
        int keys = steps.TakeWhile(step => step.Key is not null).Count();
        for (int used = keys; used > 1; used--)
        {
            string joined = string.Join('.', steps.Take(used).Select(step => step.Key));
            if (map.Find(joined) is not null) return (joined, used);
        }
        return (steps[0].Key!, 1);
    }

    private static YamlNode? Refuse(YamlNode node, PathStep step, string path, Place place, ProblemList problems)
    {
        if (node is YamlBroken) return null;
        string expected = step.Key is null ? "a list" : "a map";
        string remedy = node is YamlList { Items.Count: > 0 } list ? $"Give an index from [0] to [{list.Items.Count - 1}], or set all of it: {path}=…" : $"Set all of it: {path}=…";
        problems.Add(place, path, $"{ValueShape.Found(node)} where {step} is to be set", expected, remedy);
        return null;
    }
}
