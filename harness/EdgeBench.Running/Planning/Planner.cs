using EdgeBench.Core.Cells;
using EdgeBench.Core.Configuration;
using EdgeBench.Core.Problems;

namespace EdgeBench.Running.Planning;

/// <summary>The cross product of a configuration, sorted into planned, excluded and filtered out.</summary>
public static class Planner
{
    /// <summary>Every combination is in exactly one of the three. Throws <see cref="EdgeBenchException"/> for a filter that matches nothing.</summary>
    public static Plan Plan(BenchConfiguration bench, PlanContext context)
    {
        ArgumentNullException.ThrowIfNull(bench);
        ArgumentNullException.ThrowIfNull(context);
        CellRules rules = new(bench);
        List<PlannedCell> planned = [];
        List<ExcludedCell> excluded = [];
        List<PlannedArtifact> artifacts = [];
        int filteredOut = 0;
        for (int m = 0; m < bench.Models.Count; m++)
        {
            for (int r = 0; r < bench.Recipes.Count; r++)
            {
                int before = planned.Count;
                foreach ((Cell cell, string? ruled) in Cells(bench, rules, m, r))
                {
                    if (context.Filter?.Matches(cell) == false) filteredOut++;
                    else if ((ruled ?? Refusal(cell, context)) is { } reason) excluded.Add(new ExcludedCell(cell, reason));
                    else
                    {
                        int sessions = context.Sessions?.Invoke(cell) ?? bench.Measure.Sessions;
                        planned.Add(new PlannedCell(cell, sessions, Saturating.Time(context.Time.EstimateTime(cell).TotalSeconds * sessions)));
                    }
                }
                if (planned.Count > before)
                    artifacts.Add(new PlannedArtifact(bench.Models[m], bench.Recipes[r],
                        context.Artifacts.EstimateBytes(bench.Models[m], bench.Recipes[r])));
            }
        }
        if (context.Filter is { } filter && planned.Count + excluded.Count == 0) throw FilterMatchesNothing(filter, bench, filteredOut);
        return new Plan { Name = bench.Name, Cells = planned, Excluded = excluded, FilteredOut = filteredOut, Artifacts = artifacts, Devices = bench.Devices };
    }

    private static IEnumerable<(Cell Cell, string? Ruled)> Cells(BenchConfiguration bench, CellRules rules, int m, int r)
    {
        for (int b = 0; b < bench.Backends.Count; b++)
            for (int d = 0; d < bench.Devices.Count; d++)
                for (int w = 0; w < bench.Workloads.Count; w++)
                {
                    Cell cell = Cell.Of(bench.Models[m], bench.Recipes[r], bench.Backends[b], bench.Devices[d], bench.Workloads[w]);
                    yield return (cell, rules.ExclusionOf(m, r, b, d, w));
                }
    }

    private static string? Refusal(Cell cell, PlanContext context)
    {
        foreach (Func<Cell, string?> refuse in context.Refusals)
        {
            if (refuse(cell) is { } reason) return reason;
        }
        return null;
    }

    private static EdgeBenchException FilterMatchesNothing(CellFilter filter, BenchConfiguration bench, int cells)
    {
        string file = $"--filter \"{filter.Expression}\"";
        List<Problem> problems = [];
        foreach (FilterTerm<Cell> term in filter.Terms)
        {
            string[] names = Names(term.Key, bench);
            if (names.Length == 0 || names.Any(name => NameGlob.Matches(term.Glob, name))) continue;
            string shown = string.Join(", ", names.Take(20)) + (names.Length > 20 ? ", …" : "");
            problems.Add(new Problem($"'{term.Glob}' matches no {term.Key}", shown, Nearest.Question(term.Glob, names))
            {
                File = file,
                Path = $"column {term.Column}"
            });
        }
        if (problems.Count == 0)
        {
            string remedy = filter.Terms.Any(term => term.Key is null)
                ? "A bare word is held against the whole id model/recipe/backend/device/workload: write *word*, or name the part: recipe=word."
                : "Loosen it, or list the cells with 'edgebench plan'.";
            problems.Add(new Problem($"a filter that matches none of {cells:N0} cells", "at least one", remedy) { File = file });
        }
        return new EdgeBenchException(ExitCode.BadInput, problems);
    }

    private static string[] Names(string? key, BenchConfiguration bench) => key switch
    {
        "model" => [.. bench.Models.Select(model => model.Name)],
        "recipe" => [.. bench.Recipes.Select(recipe => recipe.Name)],
        "backend" => [.. bench.Backends.Select(backend => backend.Name)],
        "device" => [.. bench.Devices.Select(device => device.Name)],
        "workload" => [.. bench.Workloads.Select(workload => workload.Name)],
        "test" => [.. bench.Workloads.Select(workload => workload.Test).Distinct()],
        "threads" => [.. bench.Workloads.Select(workload => workload.Threads.ToString()).Distinct()],
        _ => [],
    };
}
