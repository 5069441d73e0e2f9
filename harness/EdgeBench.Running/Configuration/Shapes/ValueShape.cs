using System.Text.Json.Nodes;
using EdgeBench.Running.Configuration.Yaml;

namespace EdgeBench.Running.Configuration.Shapes;

/// <summary>
/// What a key accepts. Each kind of value holds both the check of YAML against it and its JSON Schema, so that the two cannot drift apart.
/// </summary>
internal abstract record ValueShape
{
    /// <summary>What would have been accepted, for messages: <c>a whole number from 1 to 64</c>.</summary>
    public abstract string Expected { get; }

    /// <summary>JSON Schema (draft 2020-12) of one value.</summary>
    public abstract JsonObject Schema();

    /// <summary>One value: false, with a problem added, where <paramref name="node"/> is not accepted.</summary>
    public abstract bool TryBind(YamlNode node, string path, ProblemList problems, out JsonNode? value);

    /// <summary>Adds "wrong value" with what was found, and fails.</summary>
    protected bool Refuse(YamlNode node, string path, ProblemList problems, string? remedy = null)
    {
        if (node is not YamlBroken) problems.Add(node.Place, path, Found(node), Expected, remedy);
        return false;
    }

    internal static string Found(YamlNode node) => node switch
    {
        YamlScalar { Kind: ScalarKind.Null } => "no value",
        YamlScalar { Kind: ScalarKind.Text } scalar => $"text {ProblemList.Quote(scalar.Text)}",
        YamlScalar scalar => ProblemList.Quote(scalar.Text),
        YamlList { Items.Count: 0 } => "an empty list",
        YamlList => "a list",
        _ => "a map",
    };
}
