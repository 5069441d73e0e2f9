using System.Buffers;
using System.Text.Json;

namespace EdgeBench.Models.Sources.HuggingFace;

/// <summary>A repository at one commit.</summary>
internal sealed record HubListing(string Commit, IReadOnlyList<HubEntry> Files);

/// <summary>A file as the listing describes it; hashes and size are null where the hub left them out.</summary>
/// <param name="Sha256">Of the content, for files in large-file storage.</param>
/// <param name="BlobId">git's SHA-1 of the blob (of the pointer, for files in large-file storage).</param>
internal sealed record HubEntry(string Name, long? Size, string? Sha256, string? BlobId);

/// <summary>A file as its headers describe it.</summary>
/// <param name="Hash">SHA-256 (64 digits) for large-file storage, else git's SHA-1 of the blob (40 digits): also the blob's name in the cache.</param>
internal sealed record HubFile(string Name, string Commit, string Hash, long Size)
{
    public bool IsSha256 => Hash.Length == 64;
}

/// <summary>
/// The two questions that the hub is asked, as huggingface_hub asks them: <c>GET /api/models/{repo}/revision/{rev}?blobs=true</c> and
/// <c>HEAD /{repo}/resolve/{commit}/{file}</c> with its <c>X-Repo-Commit</c>, <c>X-Linked-ETag</c> and <c>X-Linked-Size</c>.
/// </summary>
internal sealed class HubClient(HubEnvironment environment, HubPatience patience, HubTransport transport)
{
    // The largest model repositories list some tens of thousands of files at about 200 bytes each.
    private const int LargestListing = 32 << 20;

    public Uri FileAddress(HubModelName model, string commit, string file) =>
        new($"{environment.Endpoint}".TrimEnd('/') + $"/{model.Repository}/resolve/{commit}/{string.Join('/', file.Split('/').Select(Uri.EscapeDataString))}");

    public Task<HubListing> ListAsync(HubModelName model, CancellationToken cancellation)
    {
        Uri address = new($"{environment.Endpoint}".TrimEnd('/') + $"/api/models/{model.Repository}/revision/{Uri.EscapeDataString(model.Revision)}?blobs=true");
        return new HubRetries(patience).RunAsync(async () =>
        {
            using HttpResponseMessage response = await transport.SendAsync(HttpMethod.Get, address, null, null, null, cancellation).ConfigureAwait(false);
            if (!response.IsSuccessStatusCode) throw HubFailures.Refused(response, model, null, environment);
            byte[] body = await ReadAsync(response, address, cancellation).ConfigureAwait(false);
            return Parse(body, model);
        }, cancellation);
    }

    public Task<HubFile> HeadAsync(HubModelName model, string commit, string file, CancellationToken cancellation) =>
        new HubRetries(patience).RunAsync(async () =>
        {
            using HttpResponseMessage response = await transport.SendAsync(
                HttpMethod.Head, FileAddress(model, commit, file), null, null, r => Header(r, "X-Linked-ETag") is not null, cancellation).ConfigureAwait(false);
            bool linked = Header(response, "X-Linked-ETag") is not null;
            if (!response.IsSuccessStatusCode && !linked) throw HubFailures.Refused(response, model, file, environment);

            string hash = Normalise(Header(response, "X-Linked-ETag") ?? response.Headers.ETag?.ToString());
            if (hash.Length is not (40 or 64) || !hash.All(char.IsAsciiHexDigitLower))
                throw HubFailures.NoHub($"vouches for '{file}' with no SHA-256 or git hash (its ETag is '{Printable.Of(hash)}')", environment);
            string served = Header(response, "X-Repo-Commit") ?? "";
            if (served != commit) throw HubFailures.NoHub($"answers with commit '{Printable.Of(served)}' when asked for '{commit}'", environment);
            long? size = long.TryParse(Header(response, "X-Linked-Size"), out long linkedSize) ? linkedSize : linked ? null : response.Content.Headers.ContentLength;
            if (size is not >= 0) throw HubFailures.NoHub($"states no size for '{file}'", environment);
            return new HubFile(file, commit, hash, size.Value);
        }, cancellation);

    private async Task<byte[]> ReadAsync(HttpResponseMessage response, Uri address, CancellationToken cancellation)
    {
        ArrayBufferWriter<byte> body = new();
        using Stream stream = await response.Content.ReadAsStreamAsync(cancellation).ConfigureAwait(false);
        while (true)
        {
            Memory<byte> free = body.GetMemory(1 << 14);
            int read = await transport.AwaitAsync(address, c => stream.ReadAsync(free, c).AsTask(), cancellation).ConfigureAwait(false);
            if (read == 0) return body.WrittenSpan.ToArray();
            body.Advance(read);
            if (body.WrittenCount > LargestListing) throw HubFailures.NoHub($"sends a listing of more than {LargestListing >> 20} MiB", environment);
        }
    }

    private HubListing Parse(byte[] body, HubModelName model)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(body, new JsonDocumentOptions { MaxDepth = 32 });
            string commit = document.RootElement.GetProperty("sha").GetString() ?? "";
            if (!HubModelName.IsCommit(commit)) throw HubFailures.NoHub($"names '{Printable.Of(commit)}' as a commit", environment);
            if (model.IsPinned && commit != model.Revision) throw HubFailures.NoHub($"answers with commit '{commit}' when asked for '{model.Revision}'", environment);
            List<HubEntry> files = [];
            foreach (JsonElement sibling in document.RootElement.GetProperty("siblings").EnumerateArray())
            {
                string name = sibling.GetProperty("rfilename").GetString() ?? "";
                HubFileName.CheckServed(name, model.Repository);
                string? sha256 = sibling.TryGetProperty("lfs", out JsonElement lfs) && lfs.ValueKind == JsonValueKind.Object ? TextOf(lfs, "sha256") : null;
                long? size = sibling.TryGetProperty("size", out JsonElement bytes) && bytes.TryGetInt64(out long value) ? value : null;
                files.Add(new HubEntry(name, size, sha256, TextOf(sibling, "blobId")));
            }
            return new HubListing(commit, files);
        }
        catch (Exception exception) when (exception is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw HubFailures.NoHub($"answers with no listing of '{model.Repository}' ({(LooksLikeHtml(body) ? "an HTML page" : "not the JSON that a hub sends")})", environment);
        }
    }

    private static string? TextOf(JsonElement element, string name) =>
        element.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static bool LooksLikeHtml(byte[] body) => System.Text.Encoding.Latin1.GetString(body, 0, Math.Min(body.Length, 64)).TrimStart().StartsWith('<');

    private static string? Header(HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out IEnumerable<string>? values) ? values.FirstOrDefault() : null;

    // W/"abc" and "abc" name the same content here, because only digits of a hash are accepted.
    private static string Normalise(string? etag)
    {
        string text = etag ?? "";
        if (text.StartsWith("W/", StringComparison.Ordinal)) text = text[2..];
        return text.Trim('"');
    }
}
