using EdgeBench.Core.Configuration;
using EdgeBench.Core.IO;
using EdgeBench.Core.Problems;
using EdgeBench.Models.Gguf;
using EdgeBench.Models.Sources.Synthetic;

namespace EdgeBench.Models.Sources.HuggingFace;

/// <summary>
/// <c>hf:org/name[@revision]</c>: a GGUF file of a Hugging Face repository, or its safetensors where it has no GGUF file, imported. Honours HF_ENDPOINT, HF_HOME, HF_HUB_CACHE, HF_TOKEN and
/// HF_HUB_OFFLINE, and shares huggingface_hub's cache.
/// </summary>
/// <param name="variable">Reads an environment variable; null reads the process's own.</param>
/// <param name="patience">Limits on waiting; null takes the defaults.</param>
public sealed class HuggingFaceSource(Func<string, string?>? variable = null, HubPatience? patience = null) : IModelSource
{
    private readonly HubPatience _patience = patience ?? HubPatience.Default;

    public string Scheme => "hf";

    /// <summary>From the cache alone, never from the network.</summary>
    public CheckpointOutline Outline(ModelSpec model, SourceContext context)
    {
        (HubModelName name, HubEnvironment environment) = Read(model);
        HubCache cache = new(environment.CacheRoot, name);
        CachedFile? cached = Cached(cache, name, model.File);
        string identity = $"hf:{name.Repository}@{cached?.Commit ?? name.Revision}/{cached?.Name ?? model.File ?? "*.gguf"}";
        CheckpointOutline absent = new(null, null, Present: false, RandomWeights: false, identity);
        if (cached is null) return model.File is null && HubFolder.Cached(cache, name) is { } folder ? folder.Outline(context, absent) : absent;
        try
        {
            using GgufFile file = GgufFile.Open(cached.Path);
            return new CheckpointOutline(file.Shape, file.FileBytes, Present: true, RandomCheckpoint.IsRandom(file), identity);
        }
        catch (EdgeBenchException)
        {
            // Damaged: resolving checks its hash, says so and removes it.
            return absent;
        }
    }

    public async Task<Checkpoint> ResolveAsync(ModelSpec model, SourceContext context, CancellationToken cancellation)
    {
        (HubModelName name, HubEnvironment environment) = Read(model);
        HubCache cache = new(environment.CacheRoot, name);
        try
        {
            CachedFile? cached = Cached(cache, name, model.File);
            if (cached is not null && (name.IsPinned || environment.Offline)) return Finish(cache, cached, name, model, context);
            if (cached is null && model.File is null && (name.IsPinned || environment.Offline) && HubFolder.Cached(cache, name) is { } folder) return folder.Finish(model, context, cancellation);
            if (environment.Offline) throw HubFailures.NotCached(name, model.File, environment.CacheRoot);
            return await AskAsync(cache, cached, name, environment, model, context, cancellation).ConfigureAwait(false);
        }
        catch (IOException exception) when (DiskSpace.IsFull(exception))
        {
            throw DiskSpace.Full(environment.CacheRoot, name.Repository, exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw EdgeBenchException.Infrastructure(
                $"the cache '{environment.CacheRoot}' cannot be used: {exception.Message}", "a folder that can be read and written", "Set HF_HOME to one.", exception);
        }
    }

    private async Task<Checkpoint> AskAsync(
        HubCache cache, CachedFile? cached, HubModelName name, HubEnvironment environment, ModelSpec model, SourceContext context, CancellationToken cancellation)
    {
        using HubTransport transport = new(environment, _patience);
        HubClient client = new(environment, _patience, transport);
        try
        {
            HubListing listing = await client.ListAsync(name, cancellation).ConfigureAwait(false);
            if (model.File is null && HubFolder.IsOne(listing))
            {
                HubFolder folder = new(cache, name, listing.Commit);
                await folder.FetchAsync(listing, client, new HubDownload(environment, _patience, transport, cache), environment, context, cancellation).ConfigureAwait(false);
                Checkpoint imported = folder.Finish(model, context, cancellation);
                cache.Remember(name.Revision, listing.Commit);
                return imported;
            }
            HubEntry entry = HubChoice.Of(listing, name, model.File);
            CachedFile? current = cache.Find(listing.Commit, entry.Name);
            if (current is null)
            {
                HubFile file = await client.HeadAsync(name, listing.Commit, entry.Name, cancellation).ConfigureAwait(false);
                HubChoice.CheckAgreement(entry, file, environment);
                if (file.IsSha256) CheckExpected(model, name, entry.Name, file.Hash);
                await new HubDownload(environment, _patience, transport, cache)
                    .FetchAsync(name, file, client.FileAddress(name, listing.Commit, entry.Name), context, cancellation).ConfigureAwait(false);
                cache.Link(listing.Commit, entry.Name, file.Hash);
                current = cache.Find(listing.Commit, entry.Name)
                    ?? throw HubFailures.NotCached(name, entry.Name, environment.CacheRoot);
            }
            Checkpoint checkpoint = Finish(cache, current, name, model, context);
            cache.Remember(name.Revision, listing.Commit);
            return checkpoint;
        }
        catch (HubTrouble trouble) when (cached is not null)
        {
            context.Progress?.Report(new SourceProgress($"{name.Repository}: {trouble.Message}; using the cached commit {cached.Commit}", 0, null));
            return Finish(cache, cached, name, model, context);
        }
        catch (HubTrouble trouble) when (model.File is null && HubFolder.Cached(cache, name) is { } folder)
        {
            context.Progress?.Report(new SourceProgress($"{name.Repository}: {trouble.Message}; using the cached commit {folder.Commit}", 0, null));
            return folder.Finish(model, context, cancellation);
        }
        catch (HubTrouble trouble)
        {
            throw HubFailures.GaveUp(trouble, name, null);
        }
    }

    private (HubModelName Name, HubEnvironment Environment) Read(ModelSpec model)
    {
        HubModelName name = HubModelName.Parse(model.Source);
        if (model.File is { } file) HubFileName.CheckAsked(file);
        return (name, HubEnvironment.From(variable ?? Environment.GetEnvironmentVariable));
    }

    private static CachedFile? Cached(HubCache cache, HubModelName name, string? file) =>
        cache.CommitOf(name.Revision) is { } commit ? cache.Find(commit, file) : null;

    private static Checkpoint Finish(HubCache cache, CachedFile cached, HubModelName name, ModelSpec model, SourceContext context)
    {
        string sha256 = FileHashCache.Sha256(cached.Path, context.CacheFolder);
        if (cached.BlobHash is { } hash && (hash.Length == 64 ? sha256 : GitOrSha256.Of(cached.Path, sha256: false)) is var found && found != hash)
        {
            cache.Remove(cached);
            throw HubFailures.WrongHash($"'{cached.Name}' of '{name.Repository}' in the cache", hash, found, "The damaged file was removed; run again to fetch it anew.");
        }
        CheckExpected(model, name, cached.Name, sha256);
        using GgufFile file = GgufFile.Open(cached.Path);
        return new Checkpoint(cached.Path, "gguf", sha256, file.FileBytes, RandomCheckpoint.IsRandom(file));
    }

    private static void CheckExpected(ModelSpec model, HubModelName name, string file, string sha256)
    {
        if (model.Sha256 is { } expected && !string.Equals(expected.Trim(), sha256, StringComparison.OrdinalIgnoreCase))
            throw HubFailures.NotAsConfigured(name, file, expected, sha256);
    }
}
