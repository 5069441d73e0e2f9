using EdgeBench.Core.Configuration;

namespace EdgeBench.Running.Planning;

/// <summary>A configuration's include and exclude rules, matched once against each name so that a cell costs array look-ups only.</summary>
internal sealed class CellRules
{
    private readonly Mask[] _include;
    private readonly Mask[] _exclude;
    private readonly int[] _sizes;

    public CellRules(BenchConfiguration bench)
    {
        string[][] names =
        [
            [.. bench.Models.Select(model => model.Name)],
            [.. bench.Recipes.Select(recipe => recipe.Name)],
            [.. bench.Backends.Select(backend => backend.Name)],
            [.. bench.Devices.Select(device => device.Name)],
            [.. bench.Workloads.Select(workload => workload.Name)],
        ];
        _sizes = [.. names.Select(list => list.Length)];
        _include = [.. bench.Include.Select(rule => new Mask(rule, names, ""))];
        _exclude = [.. bench.Exclude.Select(rule => new Mask(rule, names, rule.Reason ?? $"excluded by the rule {Describe(rule)}"))];
    }

    /// <summary>Why the rules leave out the cell at these positions of the configuration's lists, or null.</summary>
    public string? ExclusionOf(int model, int recipe, int backend, int device, int workload)
    {
        if (_include.Length > 0 && Match(_include, model, recipe, backend, device, workload) is null) return "matches no include rule";
        return Match(_exclude, model, recipe, backend, device, workload)?.Reason;
    }

    /// <summary>Whether every cell is left out.</summary>
    public bool LeavesNothing()
    {
        if (_include.Length == 0 && _exclude.Length == 0) return false;
        for (int m = 0; m < _sizes[0]; m++)
            for (int r = 0; r < _sizes[1]; r++)
                for (int b = 0; b < _sizes[2]; b++)
                    for (int d = 0; d < _sizes[3]; d++)
                        for (int w = 0; w < _sizes[4]; w++)
                            if (ExclusionOf(m, r, b, d, w) is null) return false;
        return true;
    }

    /// <summary>The parts that a rule gives: <c>(recipe, int4*)</c>.</summary>
    public static IReadOnlyList<(string Part, string Glob)> Parts(CellRule rule) =>
        [.. Globs(rule).Where(part => part.Glob is not null).Select(part => (part.Part, part.Glob!))];

    /// <summary><c>recipe=int4*, backend=managed</c>.</summary>
    public static string Describe(CellRule rule) => string.Join(", ", Parts(rule).Select(part => $"{part.Part}={part.Glob}"));

    private static (string Part, string? Glob)[] Globs(CellRule rule) =>
        [("model", rule.Model), ("recipe", rule.Recipe), ("backend", rule.Backend), ("device", rule.Device), ("workload", rule.Workload)];

    private static Mask? Match(Mask[] masks, int model, int recipe, int backend, int device, int workload)
    {
        foreach (Mask mask in masks)
        {
            bool[][] names = mask.Names;
            if (names[0][model] && names[1][recipe] && names[2][backend] && names[3][device] && names[4][workload]) return mask;
        }
        return null;
    }

    private sealed class Mask(CellRule rule, string[][] names, string reason)
    {
        public string Reason { get; } = reason;

        public bool[][] Names { get; } =
            [.. Globs(rule).Select((part, i) => names[i].Select(name => part.Glob is null || NameGlob.Matches(part.Glob, name)).ToArray())];
    }
}
