using EdgeBench.Running.Configuration.Devices;
using EdgeBench.Running.Configuration.Shapes;
using EdgeBench.Running.Configuration.Yaml;

namespace EdgeBench.Running.Configuration.Sections;

/// <summary>What every section reads with.</summary>
internal sealed record Reading(ConfigurationVocabulary Vocabulary, ProblemList Problems)
{
    /// <summary>Where device files are looked for.</summary>
    public DeviceFolders DeviceFolders { get; init; } = new(Environment.CurrentDirectory);

    /// <summary>The well-named entries of a section that is a map of names; what is wrong is reported.</summary>
    public IEnumerable<YamlPair> Named(YamlNode node, string section, string what, string example)
    {
        if (node is YamlBroken) yield break;
        if (node is not YamlMap { Pairs.Count: > 0 } map)
        {
            string found = node is YamlMap ? "an empty map" : ValueShape.Found(node);
            Problems.Add(node.Place, section, found, $"a map from names to {what}s, such as {example}", MissingSpace(node));
            yield break;
        }
        foreach (YamlPair pair in map.Pairs)
        {
            if (NameRule.Check(pair.Key, pair.KeyPlace, section, $"{what} name", Problems)) yield return pair;
        }
    }

    private const int MaxExpandedName = 200;

    /// <summary>Refuses expanded names that came out twice or too long for a table or a file name.</summary>
    public void CheckNames(IReadOnlyCollection<string> names, YamlNode node, string section)
    {
        foreach (string name in names.GroupBy(name => name).Where(group => group.Count() > 1).Select(group => group.Key))
            Problems.Add(node.Place, section, $"duplicate name {ProblemList.Quote(name)} after expansion", "names that differ",
                "Write the variants out under names of your own.");
        if (names.FirstOrDefault(name => name.Length > MaxExpandedName) is { } wide)
            Problems.Add(node.Place, section, $"{ProblemList.Quote(wide)}, an expanded name of {wide.Length} characters",
                $"at most {MaxExpandedName}", "Write the variants out under names of your own.");
    }

    /// <summary>The parameters of an entry as a map; nothing at all means all defaults.</summary>
    public YamlMap? Parameters(YamlNode node, string path, string what)
    {
        if (node is YamlMap map) return map;
        if (node is YamlScalar { Kind: ScalarKind.Null }) return new YamlMap(node.Place, []);
        if (node is not YamlBroken) Problems.Add(node.Place, path, ValueShape.Found(node), $"a map of {what}", MissingSpace(node));
        return null;
    }

    private static string? MissingSpace(YamlNode node) =>
        node is YamlScalar scalar && scalar.Text.Contains(':', StringComparison.Ordinal) ? "Put a space after the ':'." : null;
}
