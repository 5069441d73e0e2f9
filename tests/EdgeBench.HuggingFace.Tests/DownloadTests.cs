using EdgeBench.Core.Problems;
using EdgeBench.Models.Sources;
using Microsoft.AspNetCore.Http;

namespace EdgeBench.HuggingFace.Tests;

public class DownloadTests
{
    [Fact]
    public async Task A_large_file_lands_in_the_shared_cache_layout()
    {
        await using Hub hub = await Hub.StartAsync();
        Checkpoint checkpoint = await hub.ResolveAsync();

        string sha = HubServer.Sha256(hub.Model);
        Assert.Equal(sha, checkpoint.Sha256);
        Assert.Equal(hub.Model.Length, checkpoint.Bytes);
        Assert.Equal(hub.Model, await File.ReadAllBytesAsync(checkpoint.Path, TestContext.Current.CancellationToken));
        Assert.Equal([$"blobs/{sha}", "refs/main", $"snapshots/{HubServer.Commit}/tiny-f16.gguf"], hub.Cached());
        Assert.Equal($"../../blobs/{sha}", new FileInfo(checkpoint.Path).LinkTarget);
        Assert.Equal(HubServer.Commit, File.ReadAllText(Path.Combine(hub.Cache, "refs", "main")));
        Assert.Contains(hub.Progress, p => p.Bytes == hub.Model.Length && p.Total == hub.Model.Length);
    }

    [Fact]
    public async Task A_file_outside_of_large_storage_is_checked_by_its_git_hash_and_may_lie_in_a_folder()
    {
        await using Hub hub = await Hub.StartAsync();
        byte[] small = TinyGguf.Of(4992);
        hub.Serve("sub dir/small.gguf", small, large: false);
        Checkpoint checkpoint = await hub.ResolveAsync(file: "sub dir/small.gguf");

        Assert.Equal(HubServer.Sha256(small), checkpoint.Sha256);
        Assert.Equal($"../../../blobs/{HubServer.GitHash(small)}", new FileInfo(checkpoint.Path).LinkTarget);
    }

    [Fact]
    public async Task A_second_resolve_transfers_nothing_and_a_pinned_one_asks_nothing()
    {
        await using Hub hub = await Hub.StartAsync();
        await hub.ResolveAsync();
        await hub.ResolveAsync();
        Assert.Equal(1, hub.Storage.Count("GET"));
        int asked = hub.Server.Seen.Count;
        await hub.ResolveAsync($"hf:acme/tiny@{HubServer.Commit}");
        Assert.Equal(asked, hub.Server.Seen.Count);
    }

    [Fact]
    public async Task A_pinned_commit_is_fetched_from_the_commit_and_leaves_no_reference()
    {
        await using Hub hub = await Hub.StartAsync();
        await hub.ResolveAsync($"hf:acme/tiny@{HubServer.Commit}");
        Assert.DoesNotContain(hub.Cached(), p => p.StartsWith("refs", StringComparison.Ordinal));
        Assert.Equal(1, hub.Server.Count($"HEAD /acme/tiny/resolve/{HubServer.Commit}/"));
    }

    [Fact]
    public async Task Two_at_once_fetch_once()
    {
        await using Hub hub = await Hub.StartAsync();
        TaskCompletionSource entered = new();
        hub.Storage.Intercept = async _ =>
        {
            entered.TrySetResult();
            await Task.Delay(200, TestContext.Current.CancellationToken);
            return false;
        };
        Task<Checkpoint> first = hub.ResolveAsync();
        await entered.Task;
        Task<Checkpoint>[] others = [hub.ResolveAsync(), hub.ResolveAsync(), hub.ResolveAsync()];
        Checkpoint[] all = await Task.WhenAll([first, .. others]);

        Assert.Equal(1, hub.Storage.Count("GET"));
        Assert.All(all, c => Assert.Equal(HubServer.Sha256(hub.Model), c.Sha256));
        Assert.Contains(hub.Progress, p => p.What.Contains("another process", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_token_goes_to_the_hub_and_never_to_the_storage_host()
    {
        await using Hub hub = await Hub.StartAsync();
        hub.Variables["HF_TOKEN"] = Hub.Token;
        await hub.ResolveAsync();

        Assert.All(hub.Server.Seen, s => Assert.Equal($"Bearer {Hub.Token}", s.Authorization));
        Assert.NotEmpty(hub.Storage.Seen);
        Assert.All(hub.Storage.Seen, s => Assert.Null(s.Authorization));
    }

    [Fact]
    public async Task An_announced_size_beyond_the_disk_is_exit_code_5_before_a_byte_is_fetched()
    {
        await using Hub hub = await Hub.StartAsync();
        hub.Server.Intercept = async context =>
        {
            if (context.Request.Path.StartsWithSegments("/api"))
            {
                await context.Response.WriteAsync($$"""{ "sha": "{{HubServer.Commit}}", "siblings": [ { "rfilename": "tiny-f16.gguf" } ] }""");
                return true;
            }
            context.Response.StatusCode = 302;
            context.Response.Headers["X-Repo-Commit"] = HubServer.Commit;
            context.Response.Headers["X-Linked-Size"] = $"{1L << 60}";
            context.Response.Headers["X-Linked-ETag"] = $"\"{HubServer.Sha256(hub.Model)}\"";
            context.Response.Headers.Location = "/elsewhere";
            return true;
        };
        DiskFullException problem = await Assert.ThrowsAsync<DiskFullException>(() => hub.ResolveAsync());

        Assert.Equal(ExitCode.Infrastructure, problem.ExitCode);
        Assert.Contains("has no room", problem.Message, StringComparison.Ordinal);
        Assert.Empty(hub.Storage.Seen);
    }

    [Fact]
    public async Task Cancelling_keeps_what_arrived_and_the_next_resolve_goes_on()
    {
        await using Hub hub = await Hub.StartAsync();
        using CancellationTokenSource stop = new();
        hub.Storage.Intercept = Cut.After(hub.Model, 100_000, then: async _ =>
        {
            await stop.CancelAsync();
            await Task.Delay(100, TestContext.Current.CancellationToken);
        });
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => hub.Source().ResolveAsync(Hub.Spec(), hub.Context, stop.Token));
        Assert.InRange(new FileInfo(hub.Incomplete).Length, 1, 100_000);

        hub.Storage.Intercept = _ => Task.FromResult(false);
        Assert.Equal(HubServer.Sha256(hub.Model), (await hub.ResolveAsync()).Sha256);
        Assert.StartsWith("bytes=", hub.Storage.Seen.Last().Range!, StringComparison.Ordinal);
    }
}
