using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using EdgeBench.Running.Configuration.Yaml;

namespace EdgeBench.Running.Configuration.Shapes;

/// <summary>A time with its unit: <c>500ms</c>, <c>3s</c>, <c>2m</c>, <c>1h</c>.</summary>
internal sealed partial record DurationShape(TimeSpan Minimum, TimeSpan Maximum) : ValueShape
{
    private const string Pattern = @"^[0-9]{1,9}(?:\.[0-9]{1,6})?(?:ms|s|m|h)$";

    public override string Expected => Maximum == TimeSpan.MaxValue
        ? $"a time such as 500ms, 3s, 2m or 1h"
        : $"a time from {Write(Minimum)} to {Write(Maximum)}, such as 500ms, 3s, 2m or 1h";

    public override JsonObject Schema() => new() { ["type"] = "string", ["pattern"] = Pattern };

    public override bool TryBind(YamlNode node, string path, ProblemList problems, out JsonNode? value)
    {
        value = null;
        if (node is YamlScalar { Kind: ScalarKind.Integer or ScalarKind.Number } bare)
            return Refuse(node, path, problems, $"Add the unit: {bare.Text}s.");
        if (node is not YamlScalar scalar || !Form().IsMatch(scalar.Text)) return Refuse(node, path, problems);
        int digits = scalar.Text.LastIndexOfAny([.. "0123456789"]) + 1;
        double amount = double.Parse(scalar.Text[..digits], CultureInfo.InvariantCulture);
        double seconds = amount * scalar.Text[digits..] switch { "ms" => 0.001, "s" => 1, "m" => 60, _ => 3600 };
        TimeSpan read = TimeSpan.FromTicks((long)Math.Round(seconds * TimeSpan.TicksPerSecond));
        if (read < Minimum || read > Maximum) return Refuse(node, path, problems);
        value = JsonValue.Create(read.ToString("c", CultureInfo.InvariantCulture));
        return true;
    }

    private static string Write(TimeSpan time) => time switch
    {
        { TotalHours: >= 1 } => $"{time.TotalHours}h",
        { TotalSeconds: >= 1 } => $"{time.TotalSeconds}s",
        { Ticks: 0 } => "0s",
        _ => $"{time.TotalMilliseconds}ms",
    };

    [GeneratedRegex(Pattern, RegexOptions.NonBacktracking)]
    private static partial Regex Form();
}
