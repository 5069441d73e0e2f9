using EdgeBench.Compression.Artifacts;
using EdgeBench.Core.Artifacts;
using EdgeBench.Core.Configuration;
using EdgeBench.Core.IO;
using EdgeBench.Core.Problems;
using EdgeBench.Core.Trials;
using EdgeBench.Models.Sources;

namespace EdgeBench.Running.Execution;

/// <summary>An artifact, or why there is none.</summary>
/// <param name="Identity">Content address, or what is known of it where it could not be built.</param>
internal sealed record BuiltArtifact(string Identity, ArtifactDescription? Description, TrialFailure? Failure);

/// <summary>
/// Resolves checkpoints and builds artifacts before anything is measured, so that no compression competes with a trial. A model that cannot be
/// fetched or compressed costs its own cells only; a full disk stops the run.
/// </summary>
internal sealed class ModelStage(PlannedRun run, ArtifactStore store, IReadOnlyDictionary<string, DataFile> data, IRunObserver observer)
{
    private readonly Dictionary<string, (Checkpoint? Checkpoint, TrialFailure? Failure)> _checkpoints = [];

    // By content and not by name: a user may call a recipe 'stored' or 'reference' and mean something else by it.
    private readonly Dictionary<(string Model, string Format, string Passes), BuiltArtifact> _artifacts = [];

    /// <param name="format">What the backend runs.</param>
    public async Task<BuiltArtifact> ArtifactAsync(ModelSpec model, RecipeSpec recipe, string format, CancellationToken cancellation)
    {
        (string, string, string) content = (model.Name, format, EdgeBenchJson.Serialize(recipe.Passes));
        if (_artifacts.TryGetValue(content, out BuiltArtifact? built)) return built;
        (Checkpoint? checkpoint, TrialFailure? failure) = await CheckpointAsync(model, cancellation);
        built = checkpoint is null
            ? new BuiltArtifact($"{run.Outlines[model.Name].Identity}+{EdgeBenchJson.Serialize(recipe.Passes)}", null, failure)
            : await BuildAsync(model, checkpoint, recipe, format, cancellation);
        return _artifacts[content] = built;
    }

    /// <summary>The artifact where it needs no building, or why there can be none; null where it would have to be built.</summary>
    public async Task<BuiltArtifact?> FindAsync(ModelSpec model, RecipeSpec recipe, string format, CancellationToken cancellation)
    {
        (Checkpoint? checkpoint, TrialFailure? failure) = await CheckpointAsync(model, cancellation);
        if (checkpoint is null) return new BuiltArtifact(run.Outlines[model.Name].Identity, null, failure);
        ArtifactDescription? found = await Task.Run(() => store.Find(new ArtifactRequest(checkpoint, recipe) { Data = data, Format = format }), cancellation);
        return found is null ? null : new BuiltArtifact(found.Id, found, null);
    }

    /// <summary>The model uncompressed: what quality is compared with.</summary>
    public async Task<BuiltArtifact> ReferenceAsync(ModelSpec model, string format, CancellationToken cancellation)
    {
        BuiltArtifact checkpoint = await StoredAsync(model, cancellation);
        return ReferenceRecipe(model, checkpoint) is { } recipe ? await ArtifactAsync(model, recipe, format, cancellation) : checkpoint;
    }

    /// <summary>The recipe of the uncompressed reference; null where the model as it is stored stands for it, or there is no model.</summary>
    public async Task<RecipeSpec?> ReferenceRecipeAsync(ModelSpec model, CancellationToken cancellation) => ReferenceRecipe(model, await StoredAsync(model, cancellation));

    /// <summary>Whether what a recipe makes of a model is uncompressed; of a model that is no GGUF file, only the model itself counts as that.</summary>
    public async Task<bool> IsUncompressedAsync(ModelSpec model, RecipeSpec recipe, CancellationToken cancellation)
    {
        if (run.Outlines[model.Name].Format != ArtifactStore.Format) return recipe.Passes.Count == 0;
        return (await StoredAsync(model, cancellation)).Description is { } stored && Recipes.IsUncompressed(recipe, stored);
    }

    private RecipeSpec? ReferenceRecipe(ModelSpec model, BuiltArtifact stored) =>
        stored.Description is { } description && run.Outlines[model.Name].Format == ArtifactStore.Format ? Recipes.Reference(description) : null;

    private Task<BuiltArtifact> StoredAsync(ModelSpec model, CancellationToken cancellation) =>
        ArtifactAsync(model, new RecipeSpec("stored", []), run.Outlines[model.Name].Format, cancellation);

    private async Task<(Checkpoint?, TrialFailure?)> CheckpointAsync(ModelSpec model, CancellationToken cancellation)
    {
        if (_checkpoints.TryGetValue(model.Name, out var known)) return known;
        Progress progress = new(observer, model.Name);
        try
        {
            Checkpoint checkpoint = await ModelSourceRegistry.For(model).ResolveAsync(model, run.Context(progress), cancellation);
            return _checkpoints[model.Name] = (checkpoint, null);
        }
        catch (EdgeBenchException error) when (error is not DiskFullException)
        {
            observer.On(new Notice($"model '{model.Name}' is not available: {error.Message}", Warning: true));
            return _checkpoints[model.Name] = (null, new TrialFailure(FailureKind.MissingArtifact, error.Message));
        }
    }

    private async Task<BuiltArtifact> BuildAsync(ModelSpec model, Checkpoint checkpoint, RecipeSpec recipe, string format, CancellationToken cancellation)
    {
        string what = format == ArtifactStore.Format ? $"{model.Name}/{recipe.Name}" : $"{model.Name}/{recipe.Name} ({format})";
        try
        {
            observer.On(new Preparing(what, 0, null));
            ArtifactDescription description = await Task.Run(() => store.Build(new ArtifactRequest(checkpoint, recipe) { Data = data, Format = format }, new Progress(observer, what), cancellation), cancellation);
            return new BuiltArtifact(description.Id, description, null);
        }
        catch (EdgeBenchException error) when (error is not DiskFullException)
        {
            observer.On(new Notice($"artifact '{what}' could not be built: {error.Message}", Warning: true));
            return new BuiltArtifact($"{checkpoint.Sha256}+{EdgeBenchJson.Serialize(recipe.Passes)}", null, new TrialFailure(FailureKind.BuildFailed, error.Message));
        }
    }

    // System.Progress posts to a thread pool and may arrive late and out of order; this one reports in place.
    private sealed class Progress(IRunObserver observer, string what) : IProgress<SourceProgress>, IProgress<string>
    {
        public void Report(SourceProgress value) => observer.On(new Preparing($"{what}: {value.What}", value.Bytes, value.Total));

        public void Report(string value) => observer.On(new Preparing($"{what}: {value}", 0, null));
    }
}
