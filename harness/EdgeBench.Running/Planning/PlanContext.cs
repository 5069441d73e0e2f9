using EdgeBench.Core.Cells;
using EdgeBench.Core.Configuration;

namespace EdgeBench.Running.Planning;

/// <summary>Estimates how long measuring takes.</summary>
public interface ICellEstimator
{
    /// <summary>Wall time of one trial of this cell, with process start, model load and warm-up.</summary>
    TimeSpan EstimateTime(Cell cell);
}

/// <summary>Estimates what artifacts take on disk.</summary>
public interface IArtifactEstimator
{
    /// <summary>Bytes that the artifact will add to the disk (0 where it is there or needs no copy), or null where that cannot be known yet.</summary>
    long? EstimateBytes(ModelSpec model, RecipeSpec recipe);
}

/// <summary>What a plan is made with besides the configuration.</summary>
public sealed record PlanContext
{
    public required ICellEstimator Time { get; init; }

    public required IArtifactEstimator Artifacts { get; init; }

    /// <summary>Trials of a cell; null gives every cell the configuration's sessions.</summary>
    public Func<Cell, int>? Sessions { get; init; }

    /// <summary>
    /// Built-in exclusions: each gives the reason why a cell cannot be measured, or null. The first reason counts; called for every cell that the rules leave.
    /// </summary>
    public IReadOnlyList<Func<Cell, string?>> Refusals { get; init; } = [];

    /// <summary>Cells outside of it are out of scope: neither planned nor excluded, only counted.</summary>
    public CellFilter? Filter { get; init; }
}
