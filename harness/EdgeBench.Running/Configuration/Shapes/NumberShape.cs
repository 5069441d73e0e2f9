using System.Globalization;
using System.Text.Json.Nodes;
using EdgeBench.Running.Configuration.Yaml;

namespace EdgeBench.Running.Configuration.Shapes;

/// <summary>A finite number within bounds.</summary>
internal sealed record NumberShape(double Minimum, double Maximum, bool MinimumExclusive = false,
    bool MaximumExclusive = false) : ValueShape
{
    public override string Expected
    {
        get
        {
            List<string> bounds = [];
            if (Minimum > double.MinValue) bounds.Add($"{(MinimumExclusive ? "above" : "from")} {Minimum.ToString(CultureInfo.InvariantCulture)}");
            if (Maximum < double.MaxValue) bounds.Add($"{(MaximumExclusive ? (bounds.Count > 0 ? "to below" : "below") : bounds.Count > 0 ? "to" : "up to")} {Maximum.ToString(CultureInfo.InvariantCulture)}");
            return bounds.Count == 0 ? "a finite number" : $"a number {string.Join(" ", bounds)}";
        }
    }

    public override JsonObject Schema()
    {
        JsonObject schema = new() { ["type"] = "number" };
        if (Minimum > double.MinValue) schema[MinimumExclusive ? "exclusiveMinimum" : "minimum"] = Minimum;
        if (Maximum < double.MaxValue) schema[MaximumExclusive ? "exclusiveMaximum" : "maximum"] = Maximum;
        return schema;
    }

    public override bool TryBind(YamlNode node, string path, ProblemList problems, out JsonNode? value)
    {
        value = null;
        if (node is not YamlScalar { Kind: ScalarKind.Integer or ScalarKind.Number } scalar) return Refuse(node, path, problems);
        if (!double.TryParse(scalar.Text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) || !double.IsFinite(number))
            return Refuse(node, path, problems);
        bool tooSmall = number < Minimum || (MinimumExclusive && number == Minimum);
        bool tooLarge = number > Maximum || (MaximumExclusive && number == Maximum);
        if (tooSmall || tooLarge) return Refuse(node, path, problems);
        value = JsonValue.Create(number);
        return true;
    }
}
