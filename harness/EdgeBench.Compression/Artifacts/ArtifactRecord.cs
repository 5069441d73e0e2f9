using System.Buffers;
using System.Security.Cryptography;
using System.Text.Json;
using EdgeBench.Core.Artifacts;
using EdgeBench.Core.IO;

namespace EdgeBench.Compression.Artifacts;

/// <summary>
/// <c>artifact.json</c>: the description, and what tells cheaply that the model beside it is still that file: size, time of the last change and
/// hash of its start. A file with another time is hashed in full.
/// </summary>
internal sealed record ArtifactRecord(ArtifactDescription Artifact, string StartSha256, DateTime ModifiedUtc)
{
    /// <summary>The same time for each of the artifact's parts.</summary>
    public IReadOnlyList<DateTime> PartsModifiedUtc { get; init; } = [];

    private const string Name = "artifact.json";
    private const int StartBytes = 1 << 20;
    private const long LargestRecord = 16 << 20;

    public static void Save(string folder, string modelName, ArtifactDescription artifact)
    {
        string model = Path.Combine(folder, modelName);
        ArtifactRecord record = new(artifact with { Path = modelName }, StartHash(model), File.GetLastWriteTimeUtc(model))
        {
            PartsModifiedUtc = [.. artifact.Parts.Select(part => File.GetLastWriteTimeUtc(Path.Combine(folder, part.Name)))],
        };
        AtomicFile.WriteText(Path.Combine(folder, Name), JsonSerializer.Serialize(record, EdgeBenchJson.Indented));
    }

    /// <summary>The description with its full path, or null where anything is missing, unreadable or not as recorded.</summary>
    public static ArtifactDescription? Load(string folder, string modelName)
    {
        FileInfo file = new(Path.Combine(folder, Name)), model = new(Path.Combine(folder, modelName));
        if (!file.Exists || !model.Exists || file.Length > LargestRecord) return null;
        if (Read(file.FullName) is not { Artifact: { } artifact } record) return null;
        if (model.Length != artifact.FileBytes || StartHash(model.FullName) != record.StartSha256) return null;
        if (record.PartsModifiedUtc.Count != artifact.Parts.Count || !artifact.Parts.Zip(record.PartsModifiedUtc).All(pair => IsAsRecorded(folder, pair.First, pair.Second))) return null;
        if (model.LastWriteTimeUtc != record.ModifiedUtc && ContentHash.OfFile(model.FullName) != artifact.Sha256) return null;
        return artifact with { Path = model.FullName };
    }

    private static bool IsAsRecorded(string folder, ArtifactPart part, DateTime modified)
    {
        FileInfo file = new(Path.Combine(folder, Path.GetFileName(part.Name)));
        return file.Exists && file.Length == part.Bytes && (file.LastWriteTimeUtc == modified || ContentHash.OfFile(file.FullName) == part.Sha256);
    }

    private static ArtifactRecord? Read(string path)
    {
        try
        {
            return JsonSerializer.Deserialize<ArtifactRecord>(File.ReadAllText(path), EdgeBenchJson.Options);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string StartHash(string path)
    {
        using FileStream stream = new(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1);
        byte[] start = ArrayPool<byte>.Shared.Rent(StartBytes);
        int read = stream.ReadAtLeast(start.AsSpan(0, StartBytes), StartBytes, throwOnEndOfStream: false);
        string hash = Convert.ToHexStringLower(SHA256.HashData(start.AsSpan(0, read)));
        ArrayPool<byte>.Shared.Return(start);
        return hash;
    }
}
