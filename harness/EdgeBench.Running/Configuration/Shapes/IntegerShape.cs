using System.Globalization;
using System.Text.Json.Nodes;
using EdgeBench.Running.Configuration.Yaml;

namespace EdgeBench.Running.Configuration.Shapes;

/// <summary>A whole number within bounds (inclusive; <see cref="decimal"/> holds every 64-bit integer exactly).</summary>
internal sealed record IntegerShape(decimal Minimum, decimal Maximum, IReadOnlyList<decimal>? Allowed = null) : ValueShape
{
    public override string Expected => Allowed is null
        ? $"a whole number from {Minimum} to {Maximum}"
        : $"one of {string.Join(", ", Allowed)}";

    public override JsonObject Schema() => Allowed is null
        ? new() { ["type"] = "integer", ["minimum"] = Minimum, ["maximum"] = Maximum }
        : new() { ["enum"] = new JsonArray([.. Allowed.Select(number => JsonValue.Create(number))]) };

    public override bool TryBind(YamlNode node, string path, ProblemList problems, out JsonNode? value)
    {
        value = null;
        if (node is not YamlScalar scalar) return Refuse(node, path, problems);
        bool number = decimal.TryParse(scalar.Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out decimal read);
        if (scalar.Kind == ScalarKind.Text && number) return Refuse(node, path, problems, "Write the number without quotes.");
        if (scalar.Kind != ScalarKind.Integer || !number || read < Minimum || read > Maximum || Allowed?.Contains(read) == false)
            return Refuse(node, path, problems);
        value = JsonValue.Create(read);
        return true;
    }
}
