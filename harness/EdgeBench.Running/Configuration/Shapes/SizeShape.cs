using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using EdgeBench.Running.Configuration.Yaml;

namespace EdgeBench.Running.Configuration.Shapes;

/// <summary>A number of bytes, plain or with a unit: <c>2GiB</c> (powers of 1024), <c>800MB</c> (powers of 1000).</summary>
internal sealed partial record SizeShape(decimal Minimum, decimal Maximum) : ValueShape
{
    private const string Pattern = @"^[0-9]{1,15}(?:\.[0-9]{1,6})?(?:B|kB|MB|GB|TB|KiB|MiB|GiB|TiB)$";

    private static readonly Dictionary<string, decimal> s_units = new()
    {
        ["B"] = 1m,
        ["kB"] = 1e3m,
        ["MB"] = 1e6m,
        ["GB"] = 1e9m,
        ["TB"] = 1e12m,
        ["KiB"] = 1024m,
        ["MiB"] = 1024m * 1024,
        ["GiB"] = 1024m * 1024 * 1024,
        ["TiB"] = 1024m * 1024 * 1024 * 1024,
    };

    public override string Expected => "a number of bytes such as 2GiB, 800MB or 1048576";

    public override JsonObject Schema() => new()
    {
        ["anyOf"] = new JsonArray(
            new JsonObject { ["type"] = "integer", ["minimum"] = Minimum, ["maximum"] = Maximum },
            new JsonObject { ["type"] = "string", ["pattern"] = Pattern }),
    };

    public override bool TryBind(YamlNode node, string path, ProblemList problems, out JsonNode? value)
    {
        value = null;
        if (node is not YamlScalar scalar || Bytes(scalar) is not { } bytes || bytes < Minimum || bytes > Maximum)
            return Refuse(node, path, problems);
        value = JsonValue.Create(bytes);
        return true;
    }

    private static decimal? Bytes(YamlScalar scalar)
    {
        if (scalar.Kind == ScalarKind.Integer)
            return decimal.TryParse(scalar.Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out decimal plain) ? plain : null;
        if (!Form().IsMatch(scalar.Text)) return null;
        int digits = scalar.Text.LastIndexOfAny([.. "0123456789"]) + 1;
        return decimal.Round(decimal.Parse(scalar.Text[..digits], CultureInfo.InvariantCulture) * s_units[scalar.Text[digits..]]);
    }

    [GeneratedRegex(Pattern, RegexOptions.NonBacktracking)]
    private static partial Regex Form();
}
