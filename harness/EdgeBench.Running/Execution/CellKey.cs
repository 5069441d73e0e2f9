using EdgeBench.Core.Cells;
using EdgeBench.Core.Configuration;
using EdgeBench.Core.IO;

namespace EdgeBench.Running.Execution;

/// <summary>
/// Hash of everything that decides what a cell measures. Names do not count, a device's aside: renaming a recipe
/// keeps its measurements, changing it does not.
/// The number of sessions does not count either: asking for more adds trials to those that are there.
/// </summary>
public static class CellKey
{
    // Raised whenever the same request would be measured differently, so that figures of two rules never share a cell.
    private const int MeasuringVersion = 1;

    public static string Of(Cell cell, CellIngredients ingredients, MeasureSpec measure)
    {
        ArgumentNullException.ThrowIfNull(cell);
        ArgumentNullException.ThrowIfNull(ingredients);
        ArgumentNullException.ThrowIfNull(measure);
        var decisive = new
        {
            MeasuringVersion,
            ingredients.Artifact,
            ingredients.Reference,
            Backend = new { cell.Backend.Type, cell.Backend.Options, Version = ingredients.BackendVersion, Files = ingredients.BackendFiles },
            ingredients.Device,
            // Left out where nothing is asked, so that such cells keep the keys that they had.
            Conditions = cell.Device is { Cooldown: null, Tuning: null, Meters.Count: 0 } ? null : new { cell.Device.Cooldown, cell.Device.Tuning, cell.Device.Meters },
            Workload = new { cell.Workload.Type, cell.Workload.Test, cell.Workload.Threads, cell.Workload.Parameters, ingredients.Data },
            Measure = new { measure.Warmup, measure.MinSamples, measure.MinDuration, measure.MaxDuration, measure.TimeLimit, measure.MemoryLimit, ingredients.Seed },
        };
        return ContentHash.OfText(EdgeBenchJson.Serialize(decisive));
    }
}

/// <summary>What the names in a cell stand for.</summary>
/// <param name="Artifact">Content address of the artifact, or what is known of it where it could not be built.</param>
/// <param name="Reference">Content address of the uncompressed reference, for quality workloads.</param>
/// <param name="BackendVersion">Version and library that the device reports.</param>
/// <param name="Device">Identity of the machine and of what this process may use of it.</param>
/// <param name="Data">SHA-256 of every data file, in the order in which the workload names them.</param>
/// <param name="Seed">Seed of the run's prompts.</param>
public sealed record CellIngredients(
    string Artifact, string? Reference, string BackendVersion, string Device, IReadOnlyList<string> Data, ulong Seed)
{
    /// <summary>SHA-256 of every file that the backend's options name; null where they name none, which leaves such cells the keys that they had.</summary>
    public IReadOnlyList<string>? BackendFiles { get; init; }
}
