using System.Text.Json;
using System.Text.Json.Nodes;
using EdgeBench.Core.Configuration;
using EdgeBench.Core.IO;
using EdgeBench.Running.Configuration.Shapes;
using EdgeBench.Running.Configuration.Yaml;

namespace EdgeBench.Running.Configuration.Sections;

/// <summary><c>measure:</c> how long and how often.</summary>
internal static class MeasureSection
{
    private static readonly RecordShape s_shape = RecordShape.Of(typeof(MeasureSpec));

    public static MeasureSpec Read(YamlNode? node, Reading reading)
    {
        if (node is null || !new NestedShape(s_shape).TryBind(node, "measure", reading.Problems, out JsonNode? given))
            return new MeasureSpec();
        MeasureSpec measure = given.Deserialize<MeasureSpec>(EdgeBenchJson.Options)!;
        if (measure.MinDuration > measure.MaxDuration)
            reading.Problems.Add(node.Place, "measure",
                $"min_duration of {measure.MinDuration.TotalSeconds}s above max_duration of {measure.MaxDuration.TotalSeconds}s",
                "min_duration up to max_duration");
        if (measure.MinDuration >= measure.TimeLimit)
            reading.Problems.Add(node.Place, "measure", $"min_duration of {measure.MinDuration.TotalSeconds}s",
                $"less than time_limit ({measure.TimeLimit.TotalSeconds}s), after which a trial is killed");
        return measure;
    }

    public static JsonObject Schema()
    {
        JsonObject schema = s_shape.Schema(sweep: false);
        schema.Insert(0, "description", "How long and how often each cell is measured.");
        return schema;
    }
}
