using EdgeBench.Core.Configuration;
using EdgeBench.Core.IO;
using EdgeBench.Core.Problems;
using EdgeBench.Models.Gguf;
using EdgeBench.Models.Shapes;

namespace EdgeBench.Models.Sources.Synthetic;

/// <summary>
/// <c>random:preset</c>, or <c>random:</c> with <see cref="ModelSpec.Shape"/>: an architecture with random weights, written once to the cache. Speed
/// and memory are those of the trained model; accuracy means nothing.
/// </summary>
public sealed class RandomSource : IModelSource
{
    public string Scheme => "random";

    public CheckpointOutline Outline(ModelSpec model, SourceContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        RandomCheckpoint checkpoint = CheckpointOf(model);
        long bytes = checkpoint.FileBytes;
        return new CheckpointOutline(checkpoint.Shape, bytes, IsComplete(PathOf(checkpoint, context), bytes), RandomWeights: true, checkpoint.Identity);
    }

    public Task<Checkpoint> ResolveAsync(ModelSpec model, SourceContext context, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(context);
        RandomCheckpoint checkpoint = CheckpointOf(model);
        return Task.Run(() =>
        {
            string path = PathOf(checkpoint, context);
            long bytes = checkpoint.FileBytes;
            if (!IsComplete(path, bytes)) Write(checkpoint, path, bytes, $"random weights for '{model.Name}'", context, cancellation);
            string hash = FileHashCache.Sha256(path, context.CacheFolder);
            FileHashCache.Check(model.Sha256, hash, path);
            return new Checkpoint(path, "gguf", hash, bytes, RandomWeights: true);
        }, cancellation);
    }

    private static void Write(RandomCheckpoint checkpoint, string path, long bytes, string what, SourceContext context, CancellationToken cancellation)
    {
        StalePartials.Delete(path);
        DiskSpace.Require(context.CacheFolder, bytes, what);
        DiskSpace.Guard(context.CacheFolder, what, () => checkpoint.Write(path, Environment.ProcessorCount,
            position => context.Progress?.Report(new SourceProgress($"writing {what}", position, bytes)), cancellation));
    }

    // Written atomically, so a file of the right length is whole unless the disk lost it; the header is looked at to be sure.
    private static bool IsComplete(string path, long bytes)
    {
        if (!File.Exists(path) || new FileInfo(path).Length != bytes) return false;
        try
        {
            using GgufFile file = GgufFile.Open(path);
            return RandomCheckpoint.IsRandom(file);
        }
        catch (EdgeBenchException)
        {
            return false;
        }
    }

    private static string PathOf(RandomCheckpoint checkpoint, SourceContext context) =>
        Path.Combine(context.CacheFolder, "checkpoints", $"{checkpoint.Identity}.gguf");

    private static RandomCheckpoint CheckpointOf(ModelSpec model)
    {
        ArgumentNullException.ThrowIfNull(model);
        try
        {
            return new RandomCheckpoint(ShapeOf(model), model.Seed);
        }
        catch (EdgeBenchException error)
        {
            string place = $"models.{model.Name}.{(model.Shape is null ? "source" : "shape")}";
            throw new EdgeBenchException(error.ExitCode, [.. error.Problems.Select(problem => problem with { Path = place })], error);
        }
    }

    private static TransformerShape ShapeOf(ModelSpec model)
    {
        string preset = model.Source["random:".Length..];
        return (preset.Length > 0, model.Shape) switch
        {
            (true, null) => ShapePresets.Find(preset),
            (false, { } shape) => shape,
            (true, _) => throw EdgeBenchException.BadInput($"preset '{preset}' and a shape", "one of the two",
                "Remove 'shape', or write 'random:' alone."),
            _ => throw EdgeBenchException.BadInput("'random:' without a shape", $"a preset ({string.Join(", ", ShapePresets.Names)}) or 'shape'",
                "Write such as 'random:smollm2-135m'."),
        };
    }
}
