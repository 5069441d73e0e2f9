using EdgeBench.Core.Configuration;

namespace EdgeBench.Core.Cells;

/// <summary>One combination of model, recipe, backend, device and workload.</summary>
/// <param name="Id">Short name for people, unique in a run: <c>model/recipe/backend/device/workload</c>.</param>
public sealed record Cell(string Id, ModelSpec Model, RecipeSpec Recipe, BackendSpec Backend, DeviceSpec Device, WorkloadSpec Workload)
{
    public static Cell Of(ModelSpec model, RecipeSpec recipe, BackendSpec backend, DeviceSpec device, WorkloadSpec workload) =>
        new($"{model.Name}/{recipe.Name}/{backend.Name}/{device.Name}/{workload.Name}", model, recipe, backend, device, workload);
}

/// <summary>A combination that is not measured, and why. It stays in every table.</summary>
public sealed record ExcludedCell(Cell Cell, string Reason);
