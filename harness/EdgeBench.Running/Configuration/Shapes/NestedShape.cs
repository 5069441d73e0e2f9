using System.Text.Json.Nodes;
using EdgeBench.Running.Configuration.Yaml;

namespace EdgeBench.Running.Configuration.Shapes;

/// <summary>A map with the keys of a record.</summary>
internal sealed record NestedShape(RecordShape Record) : ValueShape
{
    public override string Expected => $"a map with {string.Join(", ", Record.Keys)}";

    public override JsonObject Schema() => Record.Schema(sweep: false);

    public override bool TryBind(YamlNode node, string path, ProblemList problems, out JsonNode? value)
    {
        value = null;
        if (node is not YamlMap map) return Refuse(node, path, problems);
        bool bound = Record.TryBind(map, path, problems, out JsonObject read);
        value = read;
        return bound;
    }
}
