using EdgeBench.Compression.Passes;
using EdgeBench.Core.Artifacts;
using EdgeBench.Core.Configuration;
using EdgeBench.Core.IO;
using EdgeBench.Core.Problems;
using EdgeBench.Models.Sources;

namespace EdgeBench.Compression.Artifacts;

/// <summary>
/// The content-addressed cache of artifacts: <c>{root}/{id}/model.gguf</c> and <c>artifact.json</c>. A folder appears by one rename when all
/// is in it, so a process that dies leaves no half artifact; what it leaves under <c>{root}/.partial</c> is swept by the next build.
/// </summary>
public sealed class ArtifactStore(string root)
{
    public const string Format = "gguf";

    private const string ModelName = "model.gguf";

    /// <summary>
    /// What the recipe makes of the checkpoint: from the cache, or built. The empty recipe is the checkpoint's own
    /// file, not a copy. Throws <see cref="EdgeBenchException"/>: bad input (2) for a file or recipe that cannot work, infrastructure (5) for a
    /// full disk or a cache that cannot be written.
    /// </summary>
    public ArtifactDescription Build(ArtifactRequest request, IProgress<string>? progress, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(request);
        (Checkpoint checkpoint, RecipeSpec recipe) = (request.Checkpoint, request.Recipe);
        string id = ArtifactId.Of(checkpoint.Sha256, recipe, Format, request.Data);
        if (recipe.Passes.Count == 0) return ArtifactReader.Describe(checkpoint.Path, id, checkpoint.Sha256, checkpoint.RandomWeights, []);
        try
        {
            if (Find(id, checkpoint) is { } found) return found;
            using ProcessLock held = ProcessLock.AcquireAsync(
                LockPath(id), () => progress?.Report($"waiting for another process that builds '{recipe.Name}'"), cancellation).GetAwaiter().GetResult();
            return Find(id, checkpoint) ?? BuildLocked(id, request, progress, cancellation);
        }
        catch (IOException exception) when (DiskSpace.IsFull(exception))
        {
            throw DiskSpace.Full(root, $"the artifact of '{recipe.Name}'", exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw EdgeBenchException.Infrastructure(
                $"the artifact cache '{root}' cannot be used: {exception.Message}", "a folder that can be read and written", "Set EDGEBENCH_CACHE to one.", exception);
        }
    }

    /// <summary>
    /// Bytes of the artifact's tensors, estimated for the plan: the checkpoint's file for the empty recipe, else what the last pass leaves of the
    /// shape. Null where the shape is not known, or is one whose tensors are not.
    /// </summary>
    public static long? EstimateBytes(TransformerShape? shape, long? checkpointBytes, RecipeSpec recipe)
    {
        ArgumentNullException.ThrowIfNull(recipe);
        if (recipe.Passes.Count == 0) return checkpointBytes;
        foreach (PassSpec spec in recipe.Passes) PassParameters.Canonical(PassRegistry.Find(spec.Pass), spec.Parameters);
        if (recipe.Passes.LastOrDefault(spec => PassRegistry.Find(spec.Pass).ChangesTensors) is not { } last) return checkpointBytes;
        IPass pass = PassRegistry.Find(last.Pass);
        if (shape is null) return null;
        try
        {
            return pass.EstimateBytes(shape, last.Parameters);
        }
        catch (EdgeBenchException)
        {
            // A file may hold an architecture that compresses tensor by tensor all the same.
            return null;
        }
    }

    private ArtifactDescription? Find(string id, Checkpoint checkpoint) =>
        ArtifactRecord.Load(FolderOf(id), ModelName) is { } found && found.Id == id ? found with { RandomWeights = checkpoint.RandomWeights } : null;

    private ArtifactDescription BuildLocked(string id, ArtifactRequest request, IProgress<string>? progress, CancellationToken cancellation)
    {
        (Checkpoint checkpoint, RecipeSpec recipe) = (request.Checkpoint, request.Recipe);
        PartialFolders partials = new(root, LockPath);
        string work = partials.Begin(id);
        try
        {
            string model = Path.Combine(work, ModelName);
            IReadOnlyList<PassReadback> readback = PassChain.Run(
                checkpoint.Path, recipe, model, new PassContext { Data = request.Data, Progress = progress, Cancellation = cancellation });
            progress?.Report($"{recipe.Name}: hashing");
            ArtifactDescription description = ArtifactReader.Describe(model, id, ContentHash.OfFile(model), checkpoint.RandomWeights, readback);
            ArtifactRecord.Save(work, ModelName, description);
            string folder = FolderOf(id);
            if (Directory.Exists(folder)) partials.Discard(folder);
            Directory.Move(work, folder);
            return description with { Path = Path.Combine(folder, ModelName) };
        }
        catch
        {
            partials.Abandon(work);
            throw;
        }
    }

    private string FolderOf(string id) => Path.Combine(root, id);

    private string LockPath(string id) => Path.Combine(root, ".locks", id + ".lock");
}
