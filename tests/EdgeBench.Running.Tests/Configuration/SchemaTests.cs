using System.Text.Json.Nodes;
using EdgeBench.Core.Configuration;
using EdgeBench.Core.Problems;
using EdgeBench.Running.Configuration;
using EdgeBench.Running.Configuration.Shapes;
using static EdgeBench.Running.Tests.Configuration.FakeVocabulary;

namespace EdgeBench.Running.Tests.Configuration;

/// <summary>The schema and the reader are held against each other: the same keys at every place, the same values at every boundary.</summary>
public class SchemaTests
{
    private static readonly JsonNode s_schema = JsonNode.Parse(BenchSchema.Generate(Instance))!;

    /// <summary>A place: how to write a map there (with <c>HERE</c> for a further key), its schema, and the record that it is read into.</summary>
    public static TheoryData<string, string, string, Type?> Places => new()
    {
        { "measure", "measure: { HERE }", "measure", typeof(MeasureSpec) },
        { "exclude", "exclude: [{ model: nothing, HERE }]", "exclude.items", typeof(CellRule) },
        { "model", "models: { ref: { source: random:a, HERE } }", "models.patternProperties.*.anyOf.1", typeof(ModelSpec) },
        { "shape", "models: { ref: { source: 'random:', shape: { HERE } } }", "models.patternProperties.*.anyOf.1.properties.shape.anyOf.0", typeof(TransformerShape) },
        { "ptq", "recipes: { a: [{ ptq: { HERE } }] }", "recipes.patternProperties.*.items.anyOf.0.properties.ptq.anyOf.0", typeof(FakePtq) },
        { "prune", "recipes: { a: [{ prune: { HERE } }] }", "recipes.patternProperties.*.items.anyOf.0.properties.prune", typeof(FakePrune) },
        { "managed", "backends: { a: { type: managed, HERE } }", "backends.anyOf.1.additionalProperties.anyOf.1", typeof(FakeManaged) },
        { "llamacpp", "backends: { llamacpp: { HERE } }", "backends.anyOf.1.properties.llamacpp.anyOf.0", typeof(FakeLlama) },
        { "single-stream", "workloads: { a: { scenario: single-stream, HERE } }", "workloads.patternProperties.*.anyOf.1", typeof(FakeStream) },
        { "perplexity", "workloads: { a: { task: perplexity, HERE } }", "workloads.patternProperties.*.anyOf.0", typeof(FakePerplexity) },
        { "top", "x-a: 1\nHERE", "", null },
    };

    [Theory]
    [MemberData(nameof(Places))]
    public void Reader_and_schema_know_the_same_keys(string place, string yaml, string path, Type? record)
    {
        JsonObject schema = At(path);
        string[] keys = [.. schema["properties"]!.AsObject().Select(pair => pair.Key)];
        string[] written = [.. keys.Where(key => yaml.Contains($"{{ {key}:", StringComparison.Ordinal) || yaml.Contains($" {key}:", StringComparison.Ordinal))];

        foreach (string key in keys.Except(written)) Assert.False(IsUnknown(yaml.Replace("HERE", $"{key}: 1"), key), $"{place}: the reader refuses '{key}', which the schema has");
        Assert.True(IsUnknown(yaml.Replace("HERE", "surely_unknown: 1"), "surely_unknown"), $"{place}: the reader takes any key");
        Assert.False(schema["additionalProperties"]!.GetValue<bool>());
        if (record is null) return;
        Assert.Empty(RecordShape.Of(record).Keys.Except(keys).Except(record == typeof(ModelSpec) ? ["name"] : Array.Empty<string>()));
    }

    [Theory]
    [MemberData(nameof(Places))]
    public void Reader_and_schema_require_the_same_keys(string place, string yaml, string path, Type? record)
    {
        string[] required = [.. (At(path)["required"]?.AsArray() ?? []).Select(key => key!.GetValue<string>()).Where(key => !yaml.Contains($"{key}:", StringComparison.Ordinal))];
        string[] missing = [.. Problems(yaml.Replace("HERE", "")).Where(problem => problem.Path == PathOf(place)).Select(problem => problem.Offender)
            .Where(offender => offender.StartsWith("no '", StringComparison.Ordinal)).Select(offender => offender.Split('\'')[1])];
        Assert.Equal(required.Order(), missing.Order());
        Assert.True(record is not null || required.Length == 5);
    }

    [Theory]
    [InlineData("ptq.group", "recipes: { a: [{ ptq: { group: HERE } }] }", "recipes.patternProperties.*.items.anyOf.0.properties.ptq.anyOf.0.properties.group.anyOf.0")]
    [InlineData("sessions", "measure: { sessions: HERE }", "measure.properties.sessions")]
    [InlineData("threads", "workloads: { a: { scenario: single-stream, threads: HERE } }", "workloads.patternProperties.*.anyOf.1.properties.threads.anyOf.0")]
    public void Reader_and_schema_end_whole_numbers_at_the_same_bounds(string key, string yaml, string path)
    {
        JsonObject schema = At(path);
        decimal minimum = schema["minimum"]!.GetValue<decimal>(), maximum = schema["maximum"]!.GetValue<decimal>();
        Assert.Equal("integer", schema["type"]!.GetValue<string>());
        foreach ((decimal value, bool accepted) in new[] { (minimum, true), (maximum, true), (minimum - 1, false), (maximum + 1, false) })
            Assert.Equal(accepted, !Problems(yaml.Replace("HERE", $"{value}")).Any(problem => problem.Path?.EndsWith(key, StringComparison.Ordinal) == true));
    }

    [Fact]
    public void Choices_lists_defaults_and_descriptions_are_in_the_schema()
    {
        JsonNode ptq = At("recipes.patternProperties.*.items.anyOf.0.properties.ptq.anyOf.0")["properties"]!;
        Assert.Equal("""{"anyOf":[{"enum":["f16","q8_0","q4_0"]},{"type":"array","items":{"enum":["f16","q8_0","q4_0"]},"minItems":1,"uniqueItems":true}],"description":"Type of the weights.","default":"q8_0"}""", ptq["weights"]!.ToJsonString());
        Assert.Equal("""["rtn","gptq"]""", ptq["method"]!["anyOf"]![0]!["enum"]!.ToJsonString());
        Assert.Equal(1.0, At("recipes.patternProperties.*.items.anyOf.0.properties.prune")["properties"]!["sparsity"]!["anyOf"]![0]!["exclusiveMaximum"]!.GetValue<double>());
        Assert.Equal("""{"type":"array","items":{"type":"string","maxLength":4096},"default":[]}""", At("workloads.patternProperties.*.anyOf.1")["properties"]!["tests"]!.ToJsonString());
        Assert.Equal("^(bundled|file|hf|random):", At("models.patternProperties.*.anyOf.0")["pattern"]!.GetValue<string>());
    }

    [Fact]
    public void Every_key_of_the_contract_types_is_described()
    {
        foreach (Type type in new[] { typeof(MeasureSpec), typeof(ModelSpec), typeof(TransformerShape), typeof(CellRule) })
            Assert.All(RecordShape.Of(type).Properties.Where(property => property.Key != "name"), property => Assert.False(string.IsNullOrEmpty(property.Description), $"{type.Name}.{property.Key}"));
    }

    [Fact]
    public void The_order_of_registration_does_not_change_the_text()
    {
        ConfigurationVocabulary turned = new()
        {
            Passes = new Dictionary<string, Type>(Instance.Passes.Reverse()),
            Backends = new Dictionary<string, Type>(Instance.Backends.Reverse()),
            Workloads = new Dictionary<string, WorkloadVocabulary>(Instance.Workloads.Reverse()),
            ModelSchemes = [.. Instance.ModelSchemes.Reverse()],
            Devices = Instance.Devices,
        };
        Assert.Equal(BenchSchema.Generate(Instance), BenchSchema.Generate(turned));
    }

    private static JsonObject At(string path)
    {
        if (path.Length == 0) return s_schema.AsObject();
        JsonNode node = s_schema["properties"]!;
        foreach (string step in path.Split('.'))
            node = int.TryParse(step, out int index) ? node[index]! : step == "*" ? node.AsObject().Single().Value! : node[step]!;
        return node.AsObject();
    }

    private static bool IsUnknown(string yaml, string key) => Problems(yaml).Any(problem => problem.Offender == $"unknown key '{key}'");

    private static IReadOnlyList<Problem> Problems(string yaml)
    {
        try
        {
            Parse(yaml);
            return [];
        }
        catch (EdgeBenchException refused)
        {
            return refused.Problems;
        }
    }

    private static string? PathOf(string place) => place switch
    {
        "measure" => "measure",
        "exclude" => "exclude[0]",
        "model" => "models.ref",
        "shape" => "models.ref.shape",
        "ptq" => "recipes.a[0].ptq",
        "prune" => "recipes.a[0].prune",
        "managed" => "backends.a",
        "llamacpp" => "backends.llamacpp",
        "top" => null,
        _ => "workloads.a",
    };
}
