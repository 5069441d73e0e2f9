using EdgeBench.Core.Configuration;
using EdgeBench.Core.Problems;
using EdgeBench.Models.Gguf;

namespace EdgeBench.Models.Sources;

/// <summary><c>bundled:name</c>: a model that comes with EdgeBench, a GGUF file beside the program.</summary>
public sealed class BundledSource : IModelSource
{
    private const string Folder = "bundled", Suffix = ".gguf";

    public string Scheme => "bundled";

    /// <summary>Names that can be given, in ordinal order.</summary>
    public static IReadOnlyList<string> Names { get; } = Directory.Exists(Root)
        ? [.. Directory.GetFiles(Root, $"*{Suffix}").Select(path => Path.GetFileNameWithoutExtension(path)).Order(StringComparer.Ordinal)] : [];

    private static string Root => Path.Combine(AppContext.BaseDirectory, Folder);

    public CheckpointOutline Outline(ModelSpec model, SourceContext context)
    {
        string path = PathOf(model);
        using GgufFile file = GgufFile.Open(path);
        FileInfo info = new(path);
        return new CheckpointOutline(file.Shape, file.FileBytes, Present: true, RandomWeights: false, $"{info.FullName}|{info.Length}|{info.LastWriteTimeUtc.Ticks}");
    }

    public Task<Checkpoint> ResolveAsync(ModelSpec model, SourceContext context, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(context);
        string path = PathOf(model);
        return Task.Run(() =>
        {
            using GgufFile file = GgufFile.Open(path);
            string hash = FileHashCache.Sha256(path, context.CacheFolder);
            FileHashCache.Check(model.Sha256, hash, path);
            return new Checkpoint(path, "gguf", hash, file.FileBytes, RandomWeights: false);
        }, cancellation);
    }

    private static string PathOf(ModelSpec model)
    {
        ArgumentNullException.ThrowIfNull(model);
        string name = model.Source["bundled:".Length..];
        return Names.Contains(name) ? Path.Combine(Root, name + Suffix)
            : throw EdgeBenchException.BadInput($"bundled model '{name}'", Names.Count == 0 ? $"a file in '{Root}', where there is none" : $"one of {string.Join(", ", Names)}", Nearest.Question(name, Names), path: $"models.{model.Name}.source");
    }
}
