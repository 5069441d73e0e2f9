using System.Text.Json.Nodes;
using EdgeBench.Running.Configuration.Yaml;

namespace EdgeBench.Running.Configuration.Shapes;

/// <summary><c>true</c> or <c>false</c>.</summary>
internal sealed record FlagShape : ValueShape
{
    public override string Expected => "true or false";

    public override JsonObject Schema() => new() { ["type"] = "boolean" };

    public override bool TryBind(YamlNode node, string path, ProblemList problems, out JsonNode? value)
    {
        value = null;
        if (node is not YamlScalar { Kind: ScalarKind.Flag } scalar)
        {
            string? remedy = (node as YamlScalar)?.Text.ToLowerInvariant() switch
            {
                "yes" or "on" or "y" or "true" => "Write true, without quotes.",
                "no" or "off" or "n" or "false" => "Write false, without quotes.",
                _ => null,
            };
            return Refuse(node, path, problems, remedy);
        }
        value = JsonValue.Create(scalar.Text[0] is 't' or 'T');
        return true;
    }
}
