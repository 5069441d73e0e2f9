using EdgeBench.Compression.Formats;
using EdgeBench.Compression.Passes;
using EdgeBench.Core.Artifacts;
using EdgeBench.Core.Configuration;
using EdgeBench.Core.IO;
using EdgeBench.Core.Problems;
using EdgeBench.Models.Gguf;
using EdgeBench.Models.Sources;
using EdgeBench.Models.Tflite;

namespace EdgeBench.Compression.Artifacts;

/// <summary>
/// The content-addressed cache of artifacts: <c>{root}/{id}/model.gguf</c>, where a pass leaves one <c>adapter.gguf</c>, and <c>artifact.json</c>. A folder appears by one rename when all
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
        if (FormatRegistry.WhyNot(request.Checkpoint.Format, request.Recipe, request.Format) is { } reason)
            throw EdgeBenchException.BadInput($"recipe '{request.Recipe.Name}' as {request.Format}", $"a recipe that the format can hold: {reason}");
        try
        {
            return request.Checkpoint.Format == request.Format || request.Format == Format ? BuildGguf(request, progress, cancellation) : BuildExport(request, progress, cancellation);
        }
        catch (IOException exception) when (DiskSpace.IsFull(exception))
        {
            throw DiskSpace.Full(root, $"the artifact of '{request.Recipe.Name}'", exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw EdgeBenchException.Infrastructure(
                $"the artifact cache '{root}' cannot be used: {exception.Message}", "a folder that can be read and written", "Set EDGEBENCH_CACHE to one.", exception);
        }
    }

    /// <summary>What <see cref="Build"/> would answer without building; null where it would have to build. Throws as it does.</summary>
    public ArtifactDescription? Find(ArtifactRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (request.Checkpoint.Format == request.Format && request.Recipe.Passes.Count == 0) return Build(request, null, CancellationToken.None);
        string main = request.Format == Format ? ModelName : FormatRegistry.Find(request.Format).MainFile;
        return Find(ArtifactId.Of(request.Checkpoint.Sha256, request.Recipe, request.Format, request.Data), main, request.Checkpoint);
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

    private ArtifactDescription BuildGguf(ArtifactRequest request, IProgress<string>? progress, CancellationToken cancellation)
    {
        (Checkpoint checkpoint, RecipeSpec recipe) = (request.Checkpoint, request.Recipe);
        string id = ArtifactId.Of(checkpoint.Sha256, recipe, request.Format, request.Data);
        if (checkpoint.Format == OnnxCheckpoint.Format) return ForeignOnnx.Describe(checkpoint, id);
        if (checkpoint.Format == TfliteFile.Format) return ForeignTflite.Describe(checkpoint, id);
        if (recipe.Passes.Count == 0) return ArtifactReader.Describe(checkpoint.Path, id, checkpoint.Sha256, checkpoint.RandomWeights, []);
        return Cached(id, ModelName, request, progress, cancellation, work =>
        {
            string model = Path.Combine(work, ModelName);
            IReadOnlyList<PassReadback> readback = PassChain.Run(checkpoint.Path, recipe, model, Context(request, progress, cancellation));
            progress?.Report($"{recipe.Name}: hashing");
            ArtifactDescription described = ArtifactReader.Describe(model, id, ContentHash.OfFile(model), checkpoint.RandomWeights, readback);
            return File.Exists(AdapterPart.PathBeside(model)) ? ArtifactReader.With(described, Part(work, ArtifactPart.Adapter)) : described;
        });
    }

    // The same GGUF artifact that the other backends run, written in another format.
    private ArtifactDescription BuildExport(ArtifactRequest request, IProgress<string>? progress, CancellationToken cancellation)
    {
        IArtifactFormat format = FormatRegistry.Find(request.Format);
        ArtifactDescription compressed = BuildGguf(request with { Format = Format }, progress, cancellation);
        if (compressed.Parts.Count > 0)
            throw EdgeBenchException.BadInput($"recipe '{request.Recipe.Name}' as {request.Format}", $"a recipe without an adapter apart: {request.Format} has no place for one", "Merge the adapter, or run the artifact as gguf.");
        string id = ArtifactId.Of(request.Checkpoint.Sha256, request.Recipe, request.Format, request.Data);
        return Cached(id, format.MainFile, request, progress, cancellation, work =>
        {
            progress?.Report($"{request.Recipe.Name}: writing {format.Name}");
            using GgufFile input = GgufFile.Open(compressed.Path);
            ExportedArtifact exported = format.Export(input, work, Context(request, progress, cancellation));
            progress?.Report($"{request.Recipe.Name}: hashing");
            string model = Path.Combine(work, format.MainFile);
            return compressed with
            {
                Id = id,
                Format = format.Name,
                Path = model,
                Sha256 = ContentHash.OfFile(model),
                FileBytes = new FileInfo(model).Length,
                Parts = [.. exported.Parts.Select(part => Part(work, part))],
                WeightBytes = exported.Types.Sum(type => type.Bytes),
                Types = exported.Types,
                Readback = [.. compressed.Readback, exported.Readback],
            };
        });
    }

    private ArtifactDescription Cached(
        string id, string mainFile, ArtifactRequest request, IProgress<string>? progress, CancellationToken cancellation, Func<string, ArtifactDescription> build)
    {
        if (Find(id, mainFile, request.Checkpoint) is { } found) return found;
        using ProcessLock held = ProcessLock.AcquireAsync(
            LockPath(id), () => progress?.Report($"waiting for another process that builds '{request.Recipe.Name}'"), cancellation).GetAwaiter().GetResult();
        if (Find(id, mainFile, request.Checkpoint) is { } meanwhile) return meanwhile;
        PartialFolders partials = new(root, LockPath);
        string work = partials.Begin(id);
        try
        {
            ArtifactDescription description = build(work);
            ArtifactRecord.Save(work, mainFile, description);
            string folder = FolderOf(id);
            if (Directory.Exists(folder)) partials.Discard(folder);
            Directory.Move(work, folder);
            return description with { Path = Path.Combine(folder, mainFile) };
        }
        catch
        {
            partials.Abandon(work);
            throw;
        }
    }

    private ArtifactDescription? Find(string id, string mainFile, Checkpoint checkpoint) =>
        ArtifactRecord.Load(FolderOf(id), mainFile) is { } found && found.Id == id ? found with { RandomWeights = checkpoint.RandomWeights } : null;

    private static PassContext Context(ArtifactRequest request, IProgress<string>? progress, CancellationToken cancellation) =>
        new() { Data = request.Data, Progress = progress, Cancellation = cancellation };

    private static ArtifactPart Part(string folder, string name)
    {
        string path = Path.Combine(folder, name);
        return new ArtifactPart(name, new FileInfo(path).Length, ContentHash.OfFile(path));
    }

    private string FolderOf(string id) => Path.Combine(root, id);

    private string LockPath(string id) => Path.Combine(root, ".locks", id + ".lock");
}
