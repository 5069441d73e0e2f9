using EdgeBench.Models.Sources;

namespace EdgeBench.Models.Tflite;

/// <summary>A TensorFlow Lite file of anybody's as a checkpoint: it runs as it is, and no pass works on it.</summary>
internal static class TfliteCheckpoint
{
    public static CheckpointOutline Outline(string path)
    {
        TfliteFile file = TfliteFile.Read(path);
        FileInfo info = new(path);
        return new CheckpointOutline(null, file.FileBytes, Present: true, RandomWeights: false, $"{info.FullName}|{info.Length}|{info.LastWriteTimeUtc.Ticks}") { Format = TfliteFile.Format };
    }

    public static Checkpoint Resolve(string path, string? expected, string cacheFolder)
    {
        TfliteFile file = TfliteFile.Read(path);
        string hash = FileHashCache.Sha256(path, cacheFolder);
        FileHashCache.Check(expected, hash, path);
        return new Checkpoint(path, TfliteFile.Format, hash, file.FileBytes, RandomWeights: false);
    }
}
