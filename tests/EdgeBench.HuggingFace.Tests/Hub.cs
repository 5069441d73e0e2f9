using System.Collections.Concurrent;
using EdgeBench.Core.Configuration;
using EdgeBench.Models.Sources;
using EdgeBench.Models.Sources.HuggingFace;
using EdgeBench.Testing;

namespace EdgeBench.HuggingFace.Tests;

/// <summary>A test's own hub, storage host, cache folder and environment.</summary>
internal sealed class Hub : IAsyncDisposable, IProgress<SourceProgress>
{
    public const string Token = "hf_VerySecretToken";

    public required HubServer Server { get; init; }

    public required HubServer Storage { get; init; }

    public required TemporaryFolder Folder { get; init; }

    /// <summary>Longest silence that is waited for; long, because the machine that runs the tests may be slow.</summary>
    public TimeSpan Stall { get; set; } = TimeSpan.FromSeconds(20);

    public ConcurrentDictionary<string, string?> Variables { get; } = new();

    public ConcurrentQueue<SourceProgress> Progress { get; } = new();

    public byte[] Model { get; } = TinyGguf.Of(300_000);

    public string Cache => Path.Combine(Folder.Path, "home", "hub", "models--acme--tiny");

    public string Incomplete => Path.Combine(Cache, "blobs", HubServer.Sha256(Model) + ".incomplete");

    public SourceContext Context => new(Folder.Path, Folder.Path, this);

    public static async Task<Hub> StartAsync()
    {
        Hub hub = new() { Server = await HubServer.StartAsync(), Storage = await HubServer.StartAsync(), Folder = new TemporaryFolder() };
        hub.Variables["HF_ENDPOINT"] = hub.Server.Address.ToString();
        hub.Variables["HF_HOME"] = Path.Combine(hub.Folder.Path, "home");
        hub.Server.Storage = hub.Storage.Address;
        hub.Serve("tiny-f16.gguf", hub.Model, large: true);
        return hub;
    }

    /// <summary>Bytes that are no model.</summary>
    public static byte[] Bytes(int length)
    {
        byte[] bytes = new byte[length];
        new Random(length).NextBytes(bytes);
        return bytes;
    }

    public void Serve(string name, byte[] content, bool large)
    {
        Server.Files[name] = (content, large);
        Storage.Files[name] = (content, large);
    }

    public HuggingFaceSource Source() => new(name => Variables.GetValueOrDefault(name), new HubPatience(4, TimeSpan.FromMilliseconds(5), Stall, TimeSpan.FromSeconds(3)));

    public Task<Checkpoint> ResolveAsync(string source = "hf:acme/tiny", string? file = null, string? sha256 = null) =>
        Source().ResolveAsync(Spec(source, file, sha256), Context, TestContext.Current.CancellationToken);

    public static ModelSpec Spec(string source = "hf:acme/tiny", string? file = null, string? sha256 = null) =>
        new() { Name = "m", Source = source, File = file, Sha256 = sha256 };

    /// <summary>What lies in the cache besides locks.</summary>
    public string[] Cached() => Directory.Exists(Cache)
        ? [.. Directory.EnumerateFiles(Cache, "*", SearchOption.AllDirectories).Select(p => Path.GetRelativePath(Cache, p)).Order(StringComparer.Ordinal)]
        : [];

    public void Report(SourceProgress value) => Progress.Enqueue(value);

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        await Storage.DisposeAsync();
        Folder.Dispose();
    }
}
