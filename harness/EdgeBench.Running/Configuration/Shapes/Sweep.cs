using System.Text.Json;
using System.Text.Json.Nodes;
using EdgeBench.Core.Problems;
using EdgeBench.Running.Configuration.Yaml;

namespace EdgeBench.Running.Configuration.Shapes;

/// <summary>One setting of a cross product: the key that varies and its value as names show it.</summary>
internal sealed record Varied(string Key, string Value);

/// <summary>One combination of parameters, complete and canonical.</summary>
internal sealed record Variant(JsonElement Parameters, IReadOnlyList<Varied> Varied);

/// <summary>A list for a scalar parameter is a cross product. The first key declared varies slowest.</summary>
internal static class Sweep
{
    public const int MaxVariants = 10_000;

    /// <summary>Every combination, or null with problems added. A null <paramref name="map"/> takes all defaults.</summary>
    public static IReadOnlyList<Variant>? Read(RecordShape shape, YamlMap map, string path, ProblemList problems,
        IReadOnlyCollection<string> reserved)
    {
        bool whole = shape.CheckKeys(map, path, problems, reserved);
        List<(string Key, List<JsonNode?> Values)> axes = [];
        long count = 1;
        foreach (PropertyShape property in shape.Properties)
        {
            if (map.Find(property.Key) is not { } pair || RecordShape.IsLeftOut(property, pair.Value)) continue;
            List<JsonNode?>? values = Axis(property.Value, property.Sweeps, pair.Value, RecordShape.Join(path, property.Key), problems);
            whole &= values is not null;
            if (values is null) continue;
            axes.Add((property.Key, values));
            count = Math.Min(count * values.Count, int.MaxValue);
        }
        if (count > MaxVariants)
        {
            problems.Add(map.Place, path, $"{count:N0} combinations", $"at most {MaxVariants:N0}", "Shorten the lists.");
            return null;
        }
        return whole ? Combine(shape, axes, (int)count, map.Place, path, problems) : null;
    }

    /// <summary>The values of one key: one, or those of a list; null with problems added.</summary>
    public static List<JsonNode?>? Axis(ValueShape shape, bool sweeps, YamlNode node, string path, ProblemList problems)
    {
        if (!sweeps || node is not YamlList list) return shape.TryBind(node, path, problems, out JsonNode? single) ? [single] : null;
        int before = problems.Count;
        if (list.Items.Count == 0) problems.Add(node.Place, path, "an empty list", $"{shape.Expected}, or a list of such values");
        List<JsonNode?> values = [];
        HashSet<string> seen = [];
        for (int i = 0; i < list.Items.Count; i++)
        {
            if (!shape.TryBind(list.Items[i], $"{path}[{i}]", problems, out JsonNode? value)) continue;
            if (!seen.Add(value?.ToJsonString() ?? ""))
                problems.Add(list.Items[i].Place, $"{path}[{i}]", $"duplicate value {ProblemList.Quote(Text(value))}", "each value once");
            values.Add(value);
        }
        return problems.Count == before ? values : null;
    }

    public static string Text(JsonNode? value) => value switch
    {
        JsonValue scalar when scalar.GetValueKind() == JsonValueKind.String => scalar.GetValue<string>(),
        null => "",
        _ => value.ToJsonString(),
    };

    private static List<Variant>? Combine(
        RecordShape shape, List<(string Key, List<JsonNode?> Values)> axes, int count, Place place, string path, ProblemList problems)
    {
        List<Variant> variants = new(count);
        for (int index = 0; index < count; index++)
        {
            JsonObject given = [];
            List<Varied> varied = [];
            int rest = index, stride = count;
            foreach ((string key, List<JsonNode?> values) in axes)
            {
                stride /= values.Count;
                JsonNode? value = values[rest / stride];
                rest %= stride;
                given[key] = value?.DeepClone();
                if (values.Count > 1) varied.Add(new Varied(key, Text(value)));
            }
            try
            {
                variants.Add(new Variant(CanonicalJson.Complete(shape, given), varied));
            }
            catch (Exception refused) when (refused is JsonException or ArgumentException or EdgeBenchException)
            {
                problems.Add(place, path, $"these parameters do not go together: {refused.InnerException?.Message ?? refused.Message}",
                    "a combination that is accepted");
                return null;
            }
        }
        return variants;
    }
}
