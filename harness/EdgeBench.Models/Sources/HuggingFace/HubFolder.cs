using System.Text.Json;
using EdgeBench.Core.Configuration;
using EdgeBench.Core.Problems;
using EdgeBench.Models.Files;
using EdgeBench.Models.Folders;
using EdgeBench.Models.Safetensors;

namespace EdgeBench.Models.Sources.HuggingFace;

/// <summary>A repository's commit as a folder of safetensors, fetched file by file into the shared cache and imported from there.</summary>
internal sealed class HubFolder(HubCache cache, HubModelName name, string commit)
{
    public string Commit => commit;

    private string Folder => cache.Snapshot(commit);

    /// <summary>Whether the repository holds safetensors and no GGUF file.</summary>
    public static bool IsOne(HubListing listing)
    {
        HashSet<string> names = [.. listing.Files.Select(file => file.Name)];
        return !names.Any(file => file.EndsWith(".gguf", StringComparison.OrdinalIgnoreCase)) && names.Contains(ConfigFile.Name)
            && (names.Contains(SafetensorsModel.SingleName) || names.Contains(SafetensorsModel.IndexName));
    }

    /// <summary>The cached commit of a revision, where all its weights are there; they are fetched last, so the rest is too.</summary>
    public static HubFolder? Cached(HubCache cache, HubModelName name)
    {
        if (cache.CommitOf(name.Revision) is not { } commit) return null;
        string folder = cache.Snapshot(commit);
        if (!File.Exists(Path.Combine(folder, ConfigFile.Name))) return null;
        try
        {
            using SafetensorsModel weights = SafetensorsModel.Open(folder);
            return new HubFolder(cache, name, commit);
        }
        catch (EdgeBenchException)
        {
            // Incomplete or damaged: fetching it anew checks each file's hash.
            return null;
        }
    }

    public CheckpointOutline Outline(SourceContext context, CheckpointOutline absent)
    {
        try
        {
            return new ImportedFolder(Folder, context).Outline() with { Identity = $"hf:{name.Repository}@{commit}/safetensors" };
        }
        catch (EdgeBenchException)
        {
            // Resolving says what is wrong, with the network's help.
            return absent;
        }
    }

    public async Task FetchAsync(HubListing listing, HubClient client, HubDownload download, HubEnvironment environment, SourceContext context, CancellationToken cancellation)
    {
        HashSet<string> listed = [.. listing.Files.Select(file => file.Name)];
        bool single = listed.Contains(SafetensorsModel.SingleName);
        foreach (string companion in ImportedFolder.Companions.Where(listed.Contains)) await FetchOneAsync(companion).ConfigureAwait(false);
        if (!single) await FetchOneAsync(SafetensorsModel.IndexName).ConfigureAwait(false);
        foreach (string weights in single ? [SafetensorsModel.SingleName] : Shards()) await FetchOneAsync(weights).ConfigureAwait(false);

        async Task FetchOneAsync(string file)
        {
            if (cache.Find(commit, file) is not null) return;
            HubEntry entry = listing.Files.FirstOrDefault(one => one.Name == file) ?? throw HubFailures.NoSuchFile(name, file, listed);
            HubFile head = await client.HeadAsync(name, commit, file, cancellation).ConfigureAwait(false);
            HubChoice.CheckAgreement(entry, head, environment);
            await download.FetchAsync(name, head, client.FileAddress(name, commit, file), context, cancellation).ConfigureAwait(false);
            cache.Link(commit, file, head.Hash);
        }
    }

    /// <summary>Checks every cached file against the hash that the hub vouched for, imports, and returns the checkpoint.</summary>
    public Checkpoint Finish(ModelSpec model, SourceContext context, CancellationToken cancellation)
    {
        foreach (string path in Directory.EnumerateFiles(Folder, "*", SearchOption.AllDirectories))
        {
            cancellation.ThrowIfCancellationRequested();
            CachedFile file = cache.Find(commit, Path.GetRelativePath(Folder, path).Replace('\\', '/'))!;
            if (file.BlobHash is not { } hash) continue;
            string found = hash.Length == 64 ? FileHashCache.Sha256(path, context.CacheFolder) : GitOrSha256.Of(path, sha256: false);
            if (found == hash) continue;
            cache.Remove(file);
            throw HubFailures.WrongHash($"'{file.Name}' of '{name.Repository}' in the cache", hash, found, "The damaged file was removed; run again to fetch it anew.");
        }
        return new ImportedFolder(Folder, context).Resolve(model.Sha256, cancellation);
    }

    private IReadOnlyList<string> Shards()
    {
        string index = cache.SnapshotPath(commit, SafetensorsModel.IndexName);
        using JsonDocument document = BoundedJson.Read(index, 32 << 20);
        IReadOnlyList<string> shards = document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty("weight_map", out JsonElement map) && map.ValueKind == JsonValueKind.Object
            ? SafetensorsModel.Shards(map, index)
            : throw EdgeBenchException.BadInput("no 'weight_map'", "an object that gives each tensor its shard", "The repository is damaged.", index);
        foreach (string shard in shards) HubFileName.CheckServed(shard, name.Repository);
        return shards;
    }
}
