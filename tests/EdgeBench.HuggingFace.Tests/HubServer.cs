using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace EdgeBench.HuggingFace.Tests;

/// <summary>
/// A hub on loopback with one repository, <c>acme/tiny</c>: the listing, HEAD and GET as huggingface.co answers them (large files redirect to
/// <see cref="Storage"/>, another origin). A test bends it through <see cref="Intercept"/>.
/// </summary>
internal sealed class HubServer : IAsyncDisposable
{
    public const string Commit = "0123456789abcdef0123456789abcdef01234567";

    private readonly WebApplication _application;

    private HubServer(WebApplication application) => _application = application;

    public Uri Address { get; private set; } = null!;

    /// <summary>Where large files come from; null serves them directly.</summary>
    public Uri? Storage { get; set; }

    /// <summary>Files by name; large-file storage where the value says so.</summary>
    public ConcurrentDictionary<string, (byte[] Content, bool Large)> Files { get; } = new();

    /// <summary>Runs before the normal answer; returns true where it has answered.</summary>
    public Func<HttpContext, Task<bool>> Intercept { get; set; } = _ => Task.FromResult(false);

    /// <summary>"METHOD path" of each request, in order, with what it said of the token and range.</summary>
    public ConcurrentQueue<(string Request, string? Authorization, string? Range)> Seen { get; } = new();

    public int Count(string prefix) => Seen.Count(s => s.Request.StartsWith(prefix, StringComparison.Ordinal));

    public static async Task<HubServer> StartAsync()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(options => options.Listen(IPAddress.Loopback, 0));
        WebApplication application = builder.Build();
        HubServer server = new(application);
        application.Run(server.AnswerAsync);
        await application.StartAsync();
        server.Address = new Uri(application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
        return server;
    }

    public static string GitHash(byte[] content) =>
        Convert.ToHexStringLower(SHA1.HashData([.. Encoding.ASCII.GetBytes($"blob {content.Length}\0"), .. content]));

    public static string Sha256(byte[] content) => Convert.ToHexStringLower(SHA256.HashData(content));

    public ValueTask DisposeAsync() => _application.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        HttpRequest request = context.Request;
        Seen.Enqueue(($"{request.Method} {request.Path}", request.Headers.Authorization.FirstOrDefault(), request.Headers.Range.FirstOrDefault()));
        if (await Intercept(context)) return;
        string path = request.Path.Value!;
        if (path is "/api/models/acme/tiny/revision/main" or $"/api/models/acme/tiny/revision/{Commit}") await ListAsync(context);
        else if (path.StartsWith($"/acme/tiny/resolve/{Commit}/", StringComparison.Ordinal)) await ResolveAsync(context, path[(path.IndexOf(Commit, StringComparison.Ordinal) + 41)..]);
        else if (path.StartsWith("/storage/", StringComparison.Ordinal)) await ContentAsync(context, path[9..]);
        else await FailAsync(context, 404, path.Contains("acme/tiny", StringComparison.Ordinal) ? "RevisionNotFound" : "RepoNotFound");
    }

    private Task ListAsync(HttpContext context) =>
        context.Response.WriteAsJsonAsync(new
        {
            id = "acme/tiny",
            sha = Commit,
            siblings = Files.Select(f => new
            {
                rfilename = f.Key,
                size = f.Value.Content.LongLength,
                blobId = GitHash(f.Value.Content),
                lfs = f.Value.Large ? new { sha256 = Sha256(f.Value.Content), size = f.Value.Content.LongLength, pointerSize = 134 } : null,
            }),
        });

    private async Task ResolveAsync(HttpContext context, string name)
    {
        if (!Files.TryGetValue(name, out (byte[] Content, bool Large) file))
        {
            await FailAsync(context, 404, "EntryNotFound");
            return;
        }
        context.Response.Headers["X-Repo-Commit"] = Commit;
        if (!file.Large)
        {
            context.Response.Headers.ETag = $"\"{GitHash(file.Content)}\"";
            await ContentAsync(context, name);
            return;
        }
        context.Response.Headers["X-Linked-Size"] = $"{file.Content.Length}";
        context.Response.Headers["X-Linked-ETag"] = $"\"{Sha256(file.Content)}\"";
        if (Storage is { } storage) context.Response.Redirect($"{storage}storage/{name}?signature=secret");
        else await ContentAsync(context, name);
    }

    private Task ContentAsync(HttpContext context, string name) =>
        Results.Bytes(Files[name].Content, "application/octet-stream", enableRangeProcessing: true).ExecuteAsync(context);

    private static Task FailAsync(HttpContext context, int status, string code)
    {
        context.Response.StatusCode = status;
        context.Response.Headers["X-Error-Code"] = code;
        return context.Response.WriteAsync("no");
    }
}
