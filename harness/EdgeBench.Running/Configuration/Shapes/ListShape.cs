using System.Text.Json.Nodes;
using EdgeBench.Running.Configuration.Yaml;

namespace EdgeBench.Running.Configuration.Shapes;

/// <summary>A list that is one value: never spread into a cross product.</summary>
internal sealed record ListShape(ValueShape Item) : ValueShape
{
    public override string Expected => $"a list, each entry {Item.Expected}";

    public override JsonObject Schema() => new() { ["type"] = "array", ["items"] = Item.Schema() };

    public override bool TryBind(YamlNode node, string path, ProblemList problems, out JsonNode? value)
    {
        value = null;
        if (node is not YamlList list)
            return Refuse(node, path, problems, node is YamlScalar { Kind: not ScalarKind.Null } scalar ? $"Write [{scalar.Text}]." : null);
        JsonArray items = [];
        bool whole = true;
        for (int i = 0; i < list.Items.Count; i++)
        {
            bool bound = Item.TryBind(list.Items[i], $"{path}[{i}]", problems, out JsonNode? item);
            if (bound) items.Add(item);
            whole &= bound;
        }
        value = items;
        return whole;
    }
}
