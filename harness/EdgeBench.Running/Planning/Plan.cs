using EdgeBench.Core.Cells;
using EdgeBench.Core.Configuration;

namespace EdgeBench.Running.Planning;

/// <summary>What will be measured, what will not and why, and what it is expected to cost.</summary>
public sealed record Plan
{
    /// <summary>Name of the configuration.</summary>
    public required string Name { get; init; }

    /// <summary>In the order of the configuration: models slowest, workloads fastest. May be empty where everything is refused.</summary>
    public required IReadOnlyList<PlannedCell> Cells { get; init; }

    /// <summary>Combinations left out by a rule or refused, in the same order.</summary>
    public required IReadOnlyList<ExcludedCell> Excluded { get; init; }

    /// <summary>Combinations outside of the filter.</summary>
    public required int FilteredOut { get; init; }

    /// <summary>Each model and recipe that a planned cell needs, once.</summary>
    public required IReadOnlyList<PlannedArtifact> Artifacts { get; init; }

    /// <summary>Every device of the configuration.</summary>
    public IReadOnlyList<DeviceSpec> Devices { get; init; } = [];

    public int Trials => Cells.Sum(cell => cell.Sessions);

    /// <summary>Wall time of all trials one after another, artifacts already built.</summary>
    public TimeSpan Time => Saturating.Time(Cells.Sum(cell => cell.Time.TotalSeconds));

    /// <summary>Bytes of all artifacts whose size is known.</summary>
    public long DiskBytes => Saturating.Bytes(Artifacts.Sum(artifact => (decimal)(artifact.Bytes ?? 0)));

    /// <summary>Artifacts that <see cref="DiskBytes"/> does not count because their size is not known yet.</summary>
    public int ArtifactsOfUnknownSize => Artifacts.Count(artifact => artifact.Bytes is null);

    /// <summary>One row per planned cell, then one per excluded cell.</summary>
    public IEnumerable<PlanRow> ToTable() =>
        Cells.Select(planned => PlanRow.Of(planned.Cell, planned.Sessions, planned.Time, null))
            .Concat(Excluded.Select(excluded => PlanRow.Of(excluded.Cell, 0, TimeSpan.Zero, excluded.Reason)));

    /// <summary>Stable JSON with a schema version.</summary>
    public string ToJson() => PlanJson.Write(this);

    /// <summary>The same as UTF-8, without holding it whole.</summary>
    public void WriteJson(Stream stream) => PlanJson.Write(this, stream);
}

/// <param name="Sessions">Trials of this cell.</param>
/// <param name="Time">Estimated wall time of all of them.</param>
public sealed record PlannedCell(Cell Cell, int Sessions, TimeSpan Time);

/// <param name="Bytes">Estimated bytes on disk; null where unknown.</param>
public sealed record PlannedArtifact(ModelSpec Model, RecipeSpec Recipe, long? Bytes);

/// <summary>A line of the plan for people.</summary>
/// <param name="Reason">Why it is excluded; null for a planned cell.</param>
public sealed record PlanRow(
    string Model, string Recipe, string Backend, string Device, string Workload, string Test, int Threads, int Sessions, TimeSpan Time, string? Reason)
{
    internal static PlanRow Of(Cell cell, int sessions, TimeSpan time, string? reason) => new(
        cell.Model.Name, cell.Recipe.Name, cell.Backend.Name, cell.Device.Name, cell.Workload.Name, cell.Workload.Test, cell.Workload.Threads, sessions, time, reason);
}
