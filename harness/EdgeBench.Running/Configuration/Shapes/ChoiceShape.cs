using System.Text.Json.Nodes;
using EdgeBench.Running.Configuration.Yaml;

namespace EdgeBench.Running.Configuration.Shapes;

/// <summary>One of a fixed set of names.</summary>
internal sealed record ChoiceShape(IReadOnlyList<string> Names) : ValueShape
{
    public override string Expected => ProblemList.OneOf(Names);

    public override JsonObject Schema() => new() { ["enum"] = new JsonArray([.. Names.Select(name => JsonValue.Create(name))]) };

    public override bool TryBind(YamlNode node, string path, ProblemList problems, out JsonNode? value)
    {
        value = null;
        if (node is not YamlScalar { Kind: not ScalarKind.Null } scalar) return Refuse(node, path, problems);
        if (!Names.Contains(scalar.Text)) return Refuse(node, path, problems, ProblemList.DidYouMean(scalar.Text, Names));
        value = JsonValue.Create(scalar.Text);
        return true;
    }
}
