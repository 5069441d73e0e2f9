using System.Diagnostics;
using EdgeBench.Compression.Artifacts;
using EdgeBench.Core.Artifacts;
using EdgeBench.Core.Cells;
using EdgeBench.Core.Configuration;
using EdgeBench.Core.IO;
using EdgeBench.Core.Trials;

namespace EdgeBench.Running.Execution;

/// <summary>An artifact that a plan needs.</summary>
/// <param name="Name">Of model, recipe and format, for people.</param>
public sealed record WantedArtifact(string Name, ModelSpec Model, RecipeSpec Recipe, string Format);

/// <summary>What came of building one; without an artifact, why.</summary>
/// <param name="Seconds">That it took; next to nothing for one that was in the cache.</param>
public sealed record BuildResult(WantedArtifact Wanted, ArtifactDescription? Artifact, TrialFailure? Failure, double Seconds);

/// <summary>Builds the artifacts of a plan into the cache, references of quality too, and measures nothing.</summary>
public sealed class ArtifactBuild(PlannedRun planned, IRunObserver observer)
{
    private readonly ModelStage _models = new(planned, new ArtifactStore(CacheFolders.Artifacts), planned.HashedData(), observer);

    /// <summary>Every artifact of the plan once, in the plan's order: the same list wherever the same files are read. Fetches models that are not in the cache.</summary>
    public async Task<IReadOnlyList<WantedArtifact>> WantedAsync(CancellationToken cancellation)
    {
        Dictionary<(string, string, string), WantedArtifact> wanted = [];
        void Want(ModelSpec model, RecipeSpec recipe, string format, string called) =>
            wanted.TryAdd((model.Name, EdgeBenchJson.Serialize(recipe.Passes), format), new WantedArtifact($"{model.Name}/{called} ({format})", model, recipe, format));
        foreach (Cell cell in planned.Plan.Cells.Select(plan => plan.Cell))
        {
            Want(cell.Model, cell.Recipe, ReferenceBackend.FormatOf(cell.Backend), cell.Recipe.Name);
            if (ReferenceBackend.For(cell, planned) is { } runner && await _models.ReferenceRecipeAsync(cell.Model, cancellation) is { } reference)
                Want(cell.Model, reference, ReferenceBackend.FormatOf(runner), "reference");
        }
        return [.. wanted.Values];
    }

    /// <summary>Builds one, or finds it in the cache. A full disk throws.</summary>
    public async Task<BuildResult> BuildAsync(WantedArtifact wanted, CancellationToken cancellation)
    {
        long started = Stopwatch.GetTimestamp();
        BuiltArtifact built = await _models.ArtifactAsync(wanted.Model, wanted.Recipe, wanted.Format, cancellation);
        return new BuildResult(wanted, built.Description, built.Failure, Stopwatch.GetElapsedTime(started).TotalSeconds);
    }

    /// <summary>One that needs no building, or can have none; null where it would have to be built.</summary>
    public async Task<BuildResult?> FindAsync(WantedArtifact wanted, CancellationToken cancellation) =>
        await _models.FindAsync(wanted.Model, wanted.Recipe, wanted.Format, cancellation) is { } found ? new BuildResult(wanted, found.Description, found.Failure, 0) : null;
}
