using EdgeBench.Core.IO;
using EdgeBench.Core.Problems;
using EdgeBench.Models.Files;
using EdgeBench.Models.Folders;
using EdgeBench.Models.Folders.Tokenizers;
using EdgeBench.Models.Gguf;
using EdgeBench.Models.Safetensors;
using EdgeBench.Models.Sources.Synthetic;

namespace EdgeBench.Models.Sources;

/// <summary>A Hugging Face folder as a checkpoint: imported once into <c>checkpoints/</c> of the cache, under the hash of its files.</summary>
internal sealed class ImportedFolder(string folder, SourceContext context)
{
    /// <summary>Files that import looks at, beside the weights.</summary>
    public static readonly string[] Companions = [ConfigFile.Name, Sidecar.Name, "1_Pooling/config.json", "README.md", .. TokenizerFiles.Names];

    /// <summary>From headers and tokenizer, without reading weights or writing.</summary>
    public CheckpointOutline Outline()
    {
        string identity = string.Join('\n', Files().Select(path =>
        {
            FileInfo info = LinkedFile.Of(path);
            return $"{info.FullName}|{info.Length}|{info.LastWriteTimeUtc.Ticks}";
        }));
        using IFolderContent content = FolderContent.Open(folder, new ImportOptions());
        GgufOutline outline = GgufOutline.Of(folder, content.Metadata, content.Tensors);
        return new CheckpointOutline(GgufShape.Of(outline), GgufWriter.Measure(content.Metadata, content.Tensors), Present: false, RandomCheckpoint.IsRandom(outline), identity);
    }

    /// <summary>The imported file, written where it is not there yet. Throws <see cref="EdgeBenchException"/>.</summary>
    public Checkpoint Resolve(string? expectedSha256, CancellationToken cancellation)
    {
        string path = Path.Combine(context.CacheFolder, "checkpoints", $"imported-{Identity(cancellation)}.gguf");
        if (!IsComplete(path)) Import(path);
        string hash = FileHashCache.Sha256(path, context.CacheFolder);
        FileHashCache.Check(expectedSha256, hash, folder);
        using GgufFile file = GgufFile.Open(path);
        return new Checkpoint(path, "gguf", hash, file.FileBytes, RandomCheckpoint.IsRandom(file));
    }

    private void Import(string path)
    {
        string what = $"the import of '{Path.GetFileName(folder)}'";
        using IFolderContent content = FolderContent.Open(folder, new ImportOptions());
        foreach (string note in content.Notes) context.Progress?.Report(new SourceProgress(note, 0, null));
        StalePartials.Delete(path);
        DiskSpace.Require(context.CacheFolder, GgufWriter.Measure(content.Metadata, content.Tensors), what);
        DiskSpace.Guard(context.CacheFolder, what, () => GgufWriter.Write(path, content.Metadata, content.Tensors));
    }

    private string Identity(CancellationToken cancellation)
    {
        List<string> lines = [$"import {FolderImport.Version}"];
        foreach (string path in Files())
        {
            cancellation.ThrowIfCancellationRequested();
            lines.Add($"{Path.GetRelativePath(folder, path)} {FileHashCache.Sha256(path, context.CacheFolder)}");
        }
        return ContentHash.OfText(string.Join('\n', lines));
    }

    private List<string> Files()
    {
        ModelFolder files = new(folder);
        List<string> paths = [.. Companions.Select(files.Find).OfType<string>()];
        using SafetensorsModel weights = SafetensorsModel.Open(files);
        if (files.Find(SafetensorsModel.SingleName) is null && files.Find(SafetensorsModel.IndexName) is { } index) paths.Add(index);
        paths.AddRange(weights.Files.Select(file => file.Path));
        return paths;
    }

    // Written atomically; the header is looked at in case the disk lost it.
    private static bool IsComplete(string path)
    {
        if (!File.Exists(path)) return false;
        try
        {
            using GgufFile file = GgufFile.Open(path);
            return true;
        }
        catch (EdgeBenchException)
        {
            return false;
        }
    }
}
