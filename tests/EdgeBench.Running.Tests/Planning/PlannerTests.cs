using System.Text.Json;
using CsCheck;
using EdgeBench.Core.Cells;
using EdgeBench.Core.Configuration;
using EdgeBench.Core.Problems;
using EdgeBench.Running.Planning;

namespace EdgeBench.Running.Tests.Planning;

public class PlannerTests
{
    private static readonly Gen<BenchConfiguration> s_bench =
        Gen.Select(Gen.Int[1, 3], Gen.Int[1, 4], Gen.Int[1, 3], Gen.Int[1, 2], Gen.Int[1, 5]).Select((m, r, b, d, w) => Benches.Of(m, r, b, d, w));

    private static readonly Gen<CellRule> s_rule = Gen.Select(Glob("m"), Glob("r"), Glob("b"), Glob("w"))
        .Select((m, r, b, w) => new CellRule { Model = m, Recipe = r, Backend = b, Workload = w });

    [Fact]
    public void Without_rules_the_plan_is_the_whole_product_with_unique_ids_in_order() => s_bench.Sample(bench =>
    {
        Plan plan = Planner.Plan(bench, Benches.Context());
        Assert.Equal(bench.Models.Count * bench.Recipes.Count * bench.Backends.Count * bench.Devices.Count * bench.Workloads.Count, plan.Cells.Count);
        Assert.Equal(Benches.Cells(bench), plan.Cells.Select(planned => planned.Cell));
        Assert.Equal(plan.Cells.Count, plan.Cells.Select(planned => planned.Cell.Id).Distinct().Count());
        Assert.Empty(plan.Excluded);
    }, iter: 100);

    [Fact]
    public void Every_cell_is_planned_excluded_or_filtered_out_and_by_what_the_rules_say() =>
        Gen.Select(s_bench, s_rule.Array[0, 2], s_rule.Array[0, 3]).Sample((bench, include, exclude) =>
        {
            bench = bench with { Include = include, Exclude = exclude };
            CellFilter filter = CellFilter.Parse("not test=pp2");
            Func<Cell, string?> refuse = cell => cell.Backend.Name == "b1" ? "b1 cannot" : null;
            if (Benches.Cells(bench).All(cell => !filter.Matches(cell))) return;
            Plan plan = Planner.Plan(bench, Benches.Context(filter, refuse));

            HashSet<string> planned = [.. plan.Cells.Select(cell => cell.Cell.Id)];
            Dictionary<string, string> excluded = plan.Excluded.ToDictionary(cell => cell.Cell.Id, cell => cell.Reason);
            int outside = 0;
            foreach (Cell cell in Benches.Cells(bench))
            {
                bool included = include.Length == 0 || include.Any(rule => Matches(rule, cell));
                bool left = included && !exclude.Any(rule => Matches(rule, cell)) && refuse(cell) is null;
                bool inScope = filter.Matches(cell);
                if (!inScope) outside++;
                Assert.Equal(inScope && left, planned.Contains(cell.Id));
                Assert.Equal(inScope && !left, excluded.TryGetValue(cell.Id, out string? reason));
                if (inScope && !included) Assert.Equal("matches no include rule", reason);
            }
            Assert.Equal(outside, plan.FilteredOut);
        }, iter: 300);

    [Fact]
    public void An_exclusion_gives_the_rules_own_reason_or_the_rule()
    {
        BenchConfiguration bench = Benches.Of(1, 3, 1, 1, 1) with
        {
            Exclude = [new CellRule { Recipe = "r1", Reason = "too slow" }, new CellRule { Recipe = "r*", Workload = "w0" }],
        };
        Plan plan = Planner.Plan(bench, Benches.Context());
        Assert.Equal(
            ["excluded by the rule recipe=r*, workload=w0", "too slow", "excluded by the rule recipe=r*, workload=w0"],
            plan.Excluded.Select(cell => cell.Reason));
    }

    [Fact]
    public void Time_and_disk_count_each_trial_and_each_distinct_artifact_once()
    {
        BenchConfiguration bench = Benches.Of(2, 3, 2, 1, 2) with { Measure = new MeasureSpec { Sessions = 5 } };
        Plan plan = Planner.Plan(bench, Benches.Context(null, cell => cell.Recipe.Name == "r2" ? "no" : null));
        Assert.Equal(2 * 2 * 2 * 2 * 5, plan.Trials);
        Assert.Equal(TimeSpan.FromSeconds(2 * 80), plan.Time);
        Assert.Equal(["m0/r0", "m0/r1", "m1/r0", "m1/r1"], plan.Artifacts.Select(artifact => $"{artifact.Model.Name}/{artifact.Recipe.Name}"));
        Assert.Equal(2000, plan.DiskBytes);
        Assert.Equal(2, plan.ArtifactsOfUnknownSize);
    }

    [Fact]
    public void Json_and_table_hold_every_cell()
    {
        BenchConfiguration bench = Benches.Of(1, 2, 1, 1, 2) with { Exclude = [new CellRule { Workload = "w1", Reason = "a \"quoted\" reason" }] };
        Plan plan = Planner.Plan(bench, Benches.Context());
        using JsonDocument json = JsonDocument.Parse(plan.ToJson());
        JsonElement root = json.RootElement;
        Assert.Equal(1, root.GetProperty("schema_version").GetInt32());
        Assert.Equal(["m0/r0/b0/d0/w0[threads=1,pp0]", "m0/r1/b0/d0/w0[threads=1,pp0]"], root.GetProperty("cells").EnumerateArray().Select(cell => cell.GetProperty("id").GetString()));
        Assert.All(root.GetProperty("excluded").EnumerateArray(), cell => Assert.Equal("a \"quoted\" reason", cell.GetProperty("reason").GetString()));
        Assert.Equal(JsonValueKind.Null, root.GetProperty("artifacts")[1].GetProperty("bytes").ValueKind);
        Assert.Equal(12, root.GetProperty("totals").GetProperty("seconds").GetDouble());

        PlanRow[] rows = [.. plan.ToTable()];
        Assert.Equal([3, 3, 0, 0], rows.Select(row => row.Sessions));
        Assert.Equal(new PlanRow("m0", "r1", "b0", "d0", "w1[threads=2,pp1]", "pp1", 2, 0, TimeSpan.Zero, "a \"quoted\" reason"), rows[3]);
    }

    [Theory]
    [InlineData("recipe=r9", "'r9' matches no recipe", "Did you mean")]
    [InlineData("recipe=r0, threads=1, test=pp1", "matches none of 4 cells", "edgebench plan")]
    [InlineData("r0", "matches none of 4 cells", "*word*")]
    public void A_filter_that_matches_nothing_is_refused(string expression, string offender, string remedy)
    {
        BenchConfiguration bench = Benches.Of(1, 2, 1, 1, 2);
        EdgeBenchException refused = Assert.Throws<EdgeBenchException>(() => Planner.Plan(bench, Benches.Context(CellFilter.Parse(expression))));
        Assert.Equal(ExitCode.BadInput, refused.ExitCode);
        Assert.Contains(offender, refused.Message);
        Assert.Contains(remedy, refused.Message);
    }

    private static Gen<string?> Glob(string letter) => Gen.Int[0, 7].Select(i => i switch { 0 => $"{letter}0", 1 => $"{letter}1*", 2 => "*", _ => (string?)null });

    // The rule's meaning said once more, without masks: every given part matches the whole name or its base.
    private static bool Matches(CellRule rule, Cell cell) =>
        new[] { (rule.Model, cell.Model.Name), (rule.Recipe, cell.Recipe.Name), (rule.Backend, cell.Backend.Name), (rule.Device, cell.Device.Name), (rule.Workload, cell.Workload.Name.Split('[')[0]) }
            .All(part => part.Item1 is null || part.Item1 == "*" || part.Item1 == part.Item2 || (part.Item1.EndsWith('*') && part.Item2.StartsWith(part.Item1[..^1], StringComparison.Ordinal)));
}
