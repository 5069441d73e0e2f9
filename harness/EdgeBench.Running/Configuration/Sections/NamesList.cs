using EdgeBench.Running.Configuration.Shapes;
using EdgeBench.Running.Configuration.Yaml;

namespace EdgeBench.Running.Configuration.Sections;

/// <summary>A non-empty list of registered names, each once.</summary>
internal static class NamesList
{
    public static List<(string Name, Place Place)> Read(YamlNode node, string section, string what, IReadOnlyCollection<string> allowed,
        ProblemList problems)
    {
        List<(string, Place)> names = [];
        if (node is not YamlList { Items.Count: > 0 } list)
        {
            if (node is not YamlBroken) problems.Add(node.Place, section, ValueShape.Found(node),
                $"a list of {what}s: {ProblemList.OneOf(allowed)}");
            return names;
        }
        for (int i = 0; i < list.Items.Count; i++)
        {
            YamlNode item = list.Items[i];
            string path = $"{section}[{i}]";
            if (item is YamlBroken) continue;
            if (item is not YamlScalar { Kind: not ScalarKind.Null } scalar)
            {
                string? remedy = item is YamlMap ? "To give options, write the section as a map from names." : null;
                problems.Add(item.Place, path, ValueShape.Found(item), $"a {what}: {ProblemList.OneOf(allowed)}", remedy);
            }
            else if (!allowed.Contains(scalar.Text)) problems.AddUnknown(item.Place, path, what, scalar.Text, allowed);
            else if (names.Any(known => known.Item1 == scalar.Text)) problems.Add(item.Place, path,
                $"duplicate {what} {ProblemList.Quote(scalar.Text)}", $"each {what} once");
            else names.Add((scalar.Text, item.Place));
        }
        return names;
    }
}
