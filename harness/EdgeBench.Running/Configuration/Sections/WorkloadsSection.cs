using System.Text.Json.Nodes;
using EdgeBench.Core.Configuration;
using EdgeBench.Core.Problems;
using EdgeBench.Core.Workloads;
using EdgeBench.Running.Configuration.Shapes;
using EdgeBench.Running.Configuration.Yaml;

namespace EdgeBench.Running.Configuration.Sections;

/// <summary><c>workloads:</c> a map from names to <c>{ scenario | task, threads, …parameters }</c>.</summary>
internal static class WorkloadsSection
{
    private const string Threads = "threads";

    private static readonly string[] s_reserved = ["scenario", "task", Threads];
    private static readonly PropertyShape s_threads =
        new(Threads, new IntegerShape(1, 1024), Required: false, Nullable: false, JsonValue.Create(1m), "CPU threads.");

    public static List<WorkloadSpec> Read(YamlNode node, Reading reading)
    {
        List<WorkloadSpec> workloads = [];
        foreach (YamlPair pair in reading.Named(node, "workloads", "workload", "chat: { scenario: single-stream, prompt: 128 }"))
        {
            string path = RecordShape.Join("workloads", pair.Key);
            if (reading.Parameters(pair.Value, path, "'scenario' or 'task' with its parameters") is not { } map) continue;
            List<JsonNode?>? threads = map.Find(Threads) is { } given
                ? Sweep.Axis(s_threads.Value, sweeps: true, given.Value, RecordShape.Join(path, Threads), reading.Problems)
                : [s_threads.Default];
            if (Kind(map, path, reading) is not { } type) continue;
            RecordShape shape = RecordShape.Of(reading.Vocabulary.Workloads[type].Parameters);
            IReadOnlyList<Variant>? variants = Sweep.Read(shape, map, path, reading.Problems, s_reserved);
            if (threads is not null && variants is not null) workloads.AddRange(Expand(pair, type, threads, variants, path, reading));
        }
        reading.CheckNames([.. workloads.Select(workload => workload.Name)], node, "workloads");
        return workloads;
    }

    public static JsonObject Schema(ConfigurationVocabulary vocabulary)
    {
        JsonArray kinds = [];
        foreach ((string name, WorkloadVocabulary workload) in vocabulary.Workloads.OrderBy(w => w.Key, StringComparer.Ordinal))
        {
            JsonObject schema = SchemaParts.With(RecordShape.Of(workload.Parameters).Schema(sweep: true), Threads,
                s_threads.Schema(sweep: true), required: false);
            kinds.Add(SchemaParts.With(schema, KeyOf(workload), new JsonObject { ["const"] = name }, required: true));
        }
        return SchemaParts.Named(new JsonObject { ["anyOf"] = kinds },
            "Scenarios with shapes, and quality tasks. A list for a parameter is a cross product.");
    }

    private static string KeyOf(WorkloadVocabulary workload) => workload.IsTask ? "task" : "scenario";

    private static string? Kind(YamlMap map, string path, Reading reading)
    {
        YamlPair? scenario = map.Find("scenario"), task = map.Find("task");
        if ((scenario ?? task) is not { } pair)
        {
            reading.Problems.Add(map.Place, path, "no 'scenario' and no 'task'", "one of them: " + string.Join(", ", Names(reading)),
                map.Hint);
            return null;
        }
        if (scenario is not null && task is not null)
        {
            reading.Problems.Add(task.KeyPlace, path, "both 'scenario' and 'task'", "one of them", "Make two workloads of it.");
            return null;
        }
        string inside = RecordShape.Join(path, pair.Key);
        if (pair.Value is YamlBroken) return null;
        if (pair.Value is not YamlScalar { Kind: not ScalarKind.Null } scalar)
        {
            reading.Problems.Add(pair.Value.Place, inside, ValueShape.Found(pair.Value), ProblemList.OneOf(Names(reading)));
            return null;
        }
        if (!reading.Vocabulary.Workloads.TryGetValue(scalar.Text, out WorkloadVocabulary? workload))
        {
            reading.Problems.AddUnknown(pair.Value.Place, inside, pair.Key, scalar.Text, Names(reading));
            return null;
        }
        if (pair.Key != KeyOf(workload))
            reading.Problems.Add(pair.KeyPlace, inside, $"'{pair.Key}: {scalar.Text}'", $"'{KeyOf(workload)}: {scalar.Text}'");
        return scalar.Text;
    }

    private static IEnumerable<WorkloadSpec> Expand(
        YamlPair pair, string type, List<JsonNode?> threads, IReadOnlyList<Variant> variants, string path, Reading reading)
    {
        List<(Variant Variant, IReadOnlyList<WorkloadTest> Tests)> split = [];
        try
        {
            foreach (Variant variant in variants) split.Add((variant, reading.Vocabulary.Workloads[type].Tests(variant.Parameters)));
        }
        catch (EdgeBenchException refused)
        {
            foreach (Problem problem in refused.Problems) reading.Problems.Add(pair.Value.Place, problem.Path ?? path, problem.Offender,
                problem.Expected, problem.Remedy);
            return [];
        }
        long count = (long)threads.Count * split.Sum(one => one.Tests.Count);
        if (count > Sweep.MaxVariants)
        {
            reading.Problems.Add(pair.Value.Place, path, $"{count:N0} combinations", $"at most {Sweep.MaxVariants:N0}",
                "Shorten the lists.");
            return [];
        }
        return from thread in threads
               from one in split
               from test in one.Tests
               let parts = threads.Count > 1 ? new[] { $"{Threads}={Sweep.Text(thread)}" } : []
               let name = NameRule.Expand(pair.Key, [.. parts, .. one.Variant.Varied.Select(v => $"{v.Key}={v.Value}"),
                   .. one.Tests.Count > 1 ? [test.Test] : Array.Empty<string>()])
               select new WorkloadSpec(name, type, test.Test, (int)thread!.GetValue<decimal>(), CanonicalJson.Sort(test.Parameters));
    }

    private static string[] Names(Reading reading) => [.. reading.Vocabulary.Workloads.Keys.Order(StringComparer.Ordinal)];
}
