using System.Text.Json;
using EdgeBench.Core.Cells;
using EdgeBench.Core.Configuration;
using EdgeBench.Running.Planning;

namespace EdgeBench.Running.Tests.Planning;

/// <summary>Configurations of a given size: models m0…, recipes r0…, workloads w0[threads=1,pp0], w1[threads=2,pp1] ….</summary>
internal static class Benches
{
    private static readonly JsonElement s_none = JsonSerializer.SerializeToElement(new { });

    public static BenchConfiguration Of(int models, int recipes, int backends, int devices, int workloads) => new()
    {
        Name = "sized",
        Models = Make(models, i => new ModelSpec { Name = $"m{i}", Source = "random:llama-15m" }),
        Recipes = Make(recipes, i => new RecipeSpec($"r{i}", [])),
        Backends = Make(backends, i => new BackendSpec($"b{i}", "managed", s_none)),
        Devices = Make(devices, i => new DeviceSpec($"d{i}")),
        Workloads = Make(workloads, i => new WorkloadSpec($"w{i}[threads={1 + (i % 2)},pp{i}]", "single-stream", $"pp{i}", 1 + (i % 2), s_none)),
    };

    public static IEnumerable<Cell> Cells(BenchConfiguration bench) =>
        from model in bench.Models
        from recipe in bench.Recipes
        from backend in bench.Backends
        from device in bench.Devices
        from workload in bench.Workloads
        select Cell.Of(model, recipe, backend, device, workload);

    public static PlanContext Context(CellFilter? filter = null, params Func<Cell, string?>[] refusals) =>
        new() { Time = new FixedTime(), Artifacts = new FixedBytes(), Filter = filter, Refusals = refusals };

    private static T[] Make<T>(int count, Func<int, T> make) => [.. Enumerable.Range(0, count).Select(make)];

    /// <summary>Two seconds a trial.</summary>
    private sealed class FixedTime : ICellEstimator
    {
        public TimeSpan EstimateTime(Cell cell) => TimeSpan.FromSeconds(2);
    }

    /// <summary>1,000 bytes for every artifact, but nothing is known of recipe r1.</summary>
    private sealed class FixedBytes : IArtifactEstimator
    {
        public long? EstimateBytes(ModelSpec model, RecipeSpec recipe) => recipe.Name == "r1" ? null : 1000;
    }
}
