using System.Text.Json.Nodes;
using EdgeBench.Running.Configuration.Yaml;

namespace EdgeBench.Running.Configuration.Shapes;

/// <summary>Any text without control characters.</summary>
internal sealed record TextShape : ValueShape
{
    private const int MaxLength = 4096;

    public override string Expected => "text";

    public override JsonObject Schema() => new() { ["type"] = "string", ["maxLength"] = MaxLength };

    public override bool TryBind(YamlNode node, string path, ProblemList problems, out JsonNode? value)
    {
        value = null;
        if (node is not YamlScalar scalar) return Refuse(node, path, problems);
        if (scalar.Kind != ScalarKind.Text)
            return Refuse(node, path, problems, scalar.Kind == ScalarKind.Null ? null : $"Quote it: \"{scalar.Text}\".");
        if (scalar.Text.Length > MaxLength)
        {
            problems.Add(node.Place, path, $"text of {scalar.Text.Length} characters", $"at most {MaxLength}");
            return false;
        }
        if (scalar.Text.Any(c => char.IsControl(c) && c is not ('\n' or '\t')))
        {
            problems.Add(node.Place, path, $"{ProblemList.Quote(scalar.Text)} with a control character", "printable text");
            return false;
        }
        value = JsonValue.Create(scalar.Text);
        return true;
    }
}
