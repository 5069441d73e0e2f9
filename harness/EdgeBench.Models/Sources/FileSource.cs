using EdgeBench.Core.Configuration;
using EdgeBench.Core.Problems;
using EdgeBench.Models.Files;
using EdgeBench.Models.Gguf;
using EdgeBench.Models.Sources.Synthetic;
using EdgeBench.Models.Tflite;

namespace EdgeBench.Models.Sources;

/// <summary>
/// <c>file:path</c>: a GGUF file or a Hugging Face folder on this machine, relative to the folder of <c>bench.yaml</c>. A file is read where it lies;
/// a folder is imported into the cache; an ONNX or TensorFlow Lite file runs as it is.
/// </summary>
public sealed class FileSource : IModelSource
{
    public string Scheme => "file";

    public CheckpointOutline Outline(ModelSpec model, SourceContext context)
    {
        string path = PathOf(model, context);
        if (Directory.Exists(path)) return new ImportedFolder(path, context).Outline();
        if (OnnxCheckpoint.Is(path)) return OnnxCheckpoint.Outline(path);
        if (TfliteFile.Is(path)) return TfliteCheckpoint.Outline(path);
        using GgufFile file = GgufFile.Open(path);
        FileInfo info = LinkedFile.Of(path);
        return new CheckpointOutline(file.Shape, file.FileBytes, Present: true, RandomCheckpoint.IsRandom(file),
            $"{info.FullName}|{info.Length}|{info.LastWriteTimeUtc.Ticks}");
    }

    public Task<Checkpoint> ResolveAsync(ModelSpec model, SourceContext context, CancellationToken cancellation)
    {
        string path = PathOf(model, context);
        return Task.Run(() =>
        {
            if (Directory.Exists(path)) return new ImportedFolder(path, context).Resolve(model.Sha256, cancellation);
            if (OnnxCheckpoint.Is(path)) return OnnxCheckpoint.Resolve(path, model.Sha256, context.CacheFolder);
            if (TfliteFile.Is(path)) return TfliteCheckpoint.Resolve(path, model.Sha256, context.CacheFolder);
            using GgufFile file = GgufFile.Open(path);
            string hash = FileHashCache.Sha256(path, context.CacheFolder);
            FileHashCache.Check(model.Sha256, hash, path);
            return new Checkpoint(path, "gguf", hash, file.FileBytes, RandomCheckpoint.IsRandom(file));
        }, cancellation);
    }

    private static string PathOf(ModelSpec model, SourceContext context)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(context);
        string name = model.Source["file:".Length..];
        if (name.Length == 0 || name.Contains('\0'))
            throw EdgeBenchException.BadInput($"'{model.Source}'", "file: and the path of a GGUF file, a Hugging Face folder or an ONNX file", path: $"models.{model.Name}.source");
        return Path.GetFullPath(name, context.BaseFolder);
    }
}
