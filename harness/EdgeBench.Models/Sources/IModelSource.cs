using EdgeBench.Core.Configuration;

namespace EdgeBench.Models.Sources;

/// <summary>Where checkpoints come from. Seam: implement, add to <c>ModelSourceRegistry</c>.</summary>
public interface IModelSource
{
    /// <summary>Prefix of <see cref="ModelSpec.Source"/> before the colon: <c>file</c>, <c>hf</c>, <c>random</c>.</summary>
    string Scheme { get; }

    /// <summary>
    /// What can be said without fetching or writing anything, for the plan. Throws <see cref="Core.Problems.EdgeBenchException"/> (exit code 2)
    /// where the source can never resolve: a missing file, an unknown preset, a malformed name.
    /// </summary>
    CheckpointOutline Outline(ModelSpec model, SourceContext context);

    /// <summary>
    /// The checkpoint as a file on this machine, fetched or written if need be (atomically, resumably). Throws
    /// <see cref="Core.Problems.EdgeBenchException"/>.
    /// </summary>
    Task<Checkpoint> ResolveAsync(ModelSpec model, SourceContext context, CancellationToken cancellation);
}

/// <summary>Surroundings of a source.</summary>
/// <param name="BaseFolder">Folder that relative paths start from: the one that holds bench.yaml.</param>
/// <param name="CacheFolder">Root of EdgeBench's own cache.</param>
/// <param name="Progress">Lines for people; may be null.</param>
public sealed record SourceContext(string BaseFolder, string CacheFolder, IProgress<SourceProgress>? Progress = null);

/// <summary>Progress of fetching or writing; <paramref name="Total"/> is null where unknown.</summary>
public sealed record SourceProgress(string What, long Bytes, long? Total);

/// <summary>What is known of a checkpoint before it is there.</summary>
/// <param name="Shape">Dimensions, or null where they are only known after fetching.</param>
/// <param name="FileBytes">Bytes that resolving will hold on disk, or null where unknown.</param>
/// <param name="Present">Whether resolving needs neither network nor writing.</param>
/// <param name="RandomWeights">Speed and memory only, never accuracy.</param>
/// <param name="Identity">
/// What identifies the checkpoint without reading it all: hash of shape, seed and generator version for random weights; repository, revision and file for a hub;
/// full path, size and modification time for a file.
/// </param>
public sealed record CheckpointOutline(TransformerShape? Shape, long? FileBytes, bool Present, bool RandomWeights, string Identity)
{
    /// <summary><c>gguf</c>, which passes work on (a Hugging Face folder becomes it), or the format of a file that only runs as it is: <c>onnx</c>, <c>tflite</c>.</summary>
    public string Format { get; init; } = "gguf";
}

/// <summary>A checkpoint on this machine.</summary>
/// <param name="Format"><c>gguf</c>.</param>
/// <param name="Sha256">Of the whole file.</param>
public sealed record Checkpoint(string Path, string Format, string Sha256, long Bytes, bool RandomWeights);
