using System.Text.Json.Nodes;
using EdgeBench.Core.IO;
using EdgeBench.Running.Configuration.Sections;
using EdgeBench.Running.Configuration.Shapes;

namespace EdgeBench.Running.Configuration;

/// <summary>The JSON Schema (draft 2020-12) of <c>bench.yaml</c> for editors, made of the same shapes that the file is read with.</summary>
public static class BenchSchema
{
    /// <summary>Indented JSON with a line feed at the end; the same vocabulary gives the same bytes.</summary>
    public static string Generate(ConfigurationVocabulary vocabulary)
    {
        ArgumentNullException.ThrowIfNull(vocabulary);
        JsonObject properties = new()
        {
            ["$schema"] = new JsonObject { ["type"] = "string", ["description"] = "For editors." },
            ["name"] = new JsonObject { ["description"] = "Name of the run.", ["type"] = "string", ["pattern"] = NameRule.Pattern },
            ["description"] = Described(new TextShape().Schema(), "What the run is for."),
            ["models"] = ModelsSection.Schema(vocabulary),
            ["recipes"] = RecipesSection.Schema(vocabulary),
            ["backends"] = BackendsSection.Schema(vocabulary),
            ["devices"] = DevicesSection.Schema(vocabulary),
            ["workloads"] = WorkloadsSection.Schema(vocabulary),
            ["measure"] = MeasureSection.Schema(),
            ["include"] = RulesSection.Schema("include"),
            ["exclude"] = RulesSection.Schema("exclude"),
        };
        JsonObject schema = new()
        {
            ["$schema"] = "https://json-schema.org/draft/2020-12/schema",
            ["title"] = "EdgeBench bench.yaml",
            ["type"] = "object",
            ["properties"] = properties,
            ["patternProperties"] = new JsonObject { ["^x-"] = true },
            ["additionalProperties"] = false,
            ["required"] = new JsonArray([.. BenchReader.Required.Select(key => JsonValue.Create(key))]),
        };
        return schema.ToJsonString(EdgeBenchJson.Indented) + "\n";
    }

    private static JsonObject Described(JsonObject schema, string description)
    {
        schema.Insert(0, "description", description);
        return schema;
    }
}
