using System.Net;
using System.Net.Http.Headers;
using EdgeBench.Core.IO;
using EdgeBench.Core.Problems;

namespace EdgeBench.Models.Sources.HuggingFace;

/// <summary>
/// Fetches one blob: into <c>{hash}.incomplete</c>, resumed where it stopped, checked by size and hash, then renamed. Only a whole and
/// checked file ever has the blob's name.
/// </summary>
internal sealed class HubDownload(HubEnvironment environment, HubPatience patience, HubTransport transport, HubCache cache)
{
    // Progress that makes an earlier failure forgotten; smaller, and a server that gives a byte per connection would be asked for ever.
    private const long ProgressThatCounts = 1 << 20;
    private static readonly TimeSpan s_reportEvery = TimeSpan.FromMilliseconds(200);

    /// <summary>Brings the blob into the cache, once for all processes that want it.</summary>
    public async Task FetchAsync(HubModelName model, HubFile file, Uri address, SourceContext context, CancellationToken cancellation)
    {
        string what = $"{model.Repository} {file.Name}";
        using ProcessLock held = await ProcessLock.AcquireAsync(
            cache.LockPath(file.Hash), () => context.Progress?.Report(new SourceProgress($"{what}: another process is fetching it", 0, file.Size)), cancellation).ConfigureAwait(false);
        string blob = cache.BlobPath(file.Hash), incomplete = cache.IncompletePath(file.Hash);
        if (File.Exists(blob) && new FileInfo(blob).Length == file.Size) return;

        Directory.CreateDirectory(cache.Blobs);
        bool resumed = File.Exists(incomplete) && new FileInfo(incomplete).Length > 0;
        await FillAsync(model, file, address, incomplete, what, context, cancellation).ConfigureAwait(false);
        string found = GitOrSha256.Of(incomplete, file.IsSha256);
        if (found != file.Hash && resumed)
        {
            // What an earlier attempt left may be of another make; one clean download decides.
            context.Progress?.Report(new SourceProgress($"{what}: the resumed file is damaged, fetching it anew", 0, file.Size));
            File.Delete(incomplete);
            await FillAsync(model, file, address, incomplete, what, context, cancellation).ConfigureAwait(false);
            found = GitOrSha256.Of(incomplete, file.IsSha256);
        }
        if (found != file.Hash)
        {
            File.Delete(incomplete);
            throw HubFailures.WrongHash($"'{file.Name}' as fetched from '{model.Repository}'", $"{file.Hash}, as the hub announces", found, "The fetched file was removed. Run again; if it stays, a proxy or mirror alters files.");
        }
        File.Move(incomplete, blob, overwrite: true);
    }

    private async Task FillAsync(HubModelName model, HubFile file, Uri address, string incomplete, string what, SourceContext context, CancellationToken cancellation)
    {
        HubRetries retries = new(patience);
        EntityTagHeaderValue? validator = null;
        long counted = 0;
        try
        {
            using FileStream stream = new(incomplete, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read, 1);
            if (stream.Length > file.Size) stream.SetLength(0);
            DiskSpace.Require(cache.Blobs, file.Size - stream.Length, what);
            while (stream.Length < file.Size)
            {
                try
                {
                    validator = await AppendAsync(model, file, address, stream, validator, what, context, cancellation).ConfigureAwait(false);
                }
                catch (HubTrouble trouble)
                {
                    if (stream.Length >= counted + ProgressThatCounts)
                    {
                        counted = stream.Length;
                        retries.Progressed();
                    }
                    context.Progress?.Report(new SourceProgress($"{what}: {trouble.Message}; trying again", stream.Length, file.Size));
                    await retries.PauseAsync(trouble, cancellation).ConfigureAwait(false);
                }
            }
            stream.Flush(flushToDisk: true);
        }
        catch (HubTrouble trouble)
        {
            throw HubFailures.GaveUp(trouble, model, "What arrived is kept and the next run goes on from there. ");
        }
        catch (IOException exception) when (DiskSpace.IsFull(exception))
        {
            throw DiskSpace.Full(cache.Blobs, what, exception);
        }
    }

    // One request from where the file ends. Returns the strong validator to resume under, where the server gives one.
    private async Task<EntityTagHeaderValue?> AppendAsync(
        HubModelName model, HubFile file, Uri address, FileStream stream, EntityTagHeaderValue? validator, string what, SourceContext context, CancellationToken cancellation)
    {
        long start = stream.Length;
        using HttpResponseMessage response = await transport.SendAsync(
            HttpMethod.Get, address, start > 0 ? new RangeHeaderValue(start, null) : null,
            start > 0 && validator is not null ? new RangeConditionHeaderValue(validator) : null, null, cancellation).ConfigureAwait(false);
        if (response.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable)
        {
            stream.SetLength(0);
            throw new HubTrouble($"{address.Authority} cannot resume at byte {start}; starting over");
        }
        if (!response.IsSuccessStatusCode) throw HubFailures.Refused(response, model, file.Name, environment);
        start = StartOf(response, file, start);
        if (start == 0) stream.SetLength(0);
        stream.Position = start;

        using Stream body = await response.Content.ReadAsStreamAsync(cancellation).ConfigureAwait(false);
        byte[] buffer = new byte[1 << 18];
        long reported = 0;
        while (true)
        {
            int read = await transport.AwaitAsync(address, c => body.ReadAsync(buffer, c).AsTask(), cancellation).ConfigureAwait(false);
            if (read == 0) break;
            if (stream.Position + read > file.Size) throw TooLong(stream, file);
            await stream.WriteAsync(buffer.AsMemory(0, read), cancellation).ConfigureAwait(false);
            if (Environment.TickCount64 - reported < s_reportEvery.TotalMilliseconds && stream.Position < file.Size) continue;
            reported = Environment.TickCount64;
            context.Progress?.Report(new SourceProgress(what, stream.Position, file.Size));
        }
        if (stream.Length < file.Size) throw new HubTrouble($"{address.Authority} ended the file after {stream.Length} of {file.Size} bytes");
        return response.Headers.ETag is { IsWeak: false } tag ? tag : null;
    }

    private static long StartOf(HttpResponseMessage response, HubFile file, long asked)
    {
        if (response.Content.Headers.ContentType?.MediaType is "text/html" or "application/xhtml+xml")
            throw EdgeBenchException.Infrastructure($"an HTML page came in place of '{file.Name}'", "the file itself", "A login page or proxy stands between; check HF_ENDPOINT.");
        bool partial = response.StatusCode == HttpStatusCode.PartialContent;
        ContentRangeHeaderValue? range = response.Content.Headers.ContentRange;
        if (partial && (range?.From != asked || (range.Length ?? file.Size) != file.Size))
            throw new HubTrouble($"the server sent bytes '{range}' when asked for those from {asked} of {file.Size}");
        long start = partial ? asked : 0;
        if (response.Content.Headers.ContentLength is { } length && start + length != file.Size)
            throw EdgeBenchException.Infrastructure(
                $"'{file.Name}' is served with {start + length} bytes", $"{file.Size}, as the hub announces", "Nothing of it was written. Run again; if it stays, a proxy or mirror alters files.");
        return start;
    }

    private static EdgeBenchException TooLong(FileStream stream, HubFile file)
    {
        stream.SetLength(0);
        return EdgeBenchException.Infrastructure(
            $"'{file.Name}' goes on after the announced bytes", $"{file.Size}", "The fetched bytes were removed. Run again; if it stays, a proxy or mirror alters files.");
    }
}
