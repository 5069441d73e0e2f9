using EdgeBench.Core.Problems;
using EdgeBench.Models.Sources;

namespace EdgeBench.HuggingFace.Tests;

public class OfflineTests
{
    [Theory]
    [InlineData("hf:acme/tiny")]
    [InlineData("hf:acme/tiny@main")]
    [InlineData("hf:acme/tiny@" + HubServer.Commit)]
    public async Task A_cached_file_needs_no_network(string source)
    {
        await using Hub hub = await Hub.StartAsync();
        await hub.ResolveAsync();
        hub.Variables["HF_HUB_OFFLINE"] = "1";
        int asked = hub.Server.Seen.Count;
        Checkpoint checkpoint = await hub.ResolveAsync(source);
        Assert.Equal(HubServer.Sha256(hub.Model), checkpoint.Sha256);
        Assert.Equal(asked, hub.Server.Seen.Count);
    }

    [Theory]
    [InlineData("hf:acme/tiny", null)]
    [InlineData("hf:acme/tiny", "other.gguf")]
    [InlineData("hf:acme/tiny@v1", null)]
    public async Task What_is_not_cached_is_a_problem_with_a_remedy(string source, string? file)
    {
        await using Hub hub = await Hub.StartAsync();
        if (file is not null) await hub.ResolveAsync();
        hub.Variables["HF_HUB_OFFLINE"] = "true";
        int asked = hub.Server.Seen.Count;
        EdgeBenchException problem = await Assert.ThrowsAsync<EdgeBenchException>(() => hub.ResolveAsync(source, file));
        Assert.Equal(ExitCode.Infrastructure, problem.ExitCode);
        Assert.Contains("Unset HF_HUB_OFFLINE", problem.Message, StringComparison.Ordinal);
        Assert.Equal(asked, hub.Server.Seen.Count);
    }

    [Fact]
    public async Task A_hub_out_of_reach_falls_back_to_the_cache_and_says_so()
    {
        await using Hub hub = await Hub.StartAsync();
        await hub.ResolveAsync();
        hub.Variables["HF_ENDPOINT"] = "http://127.0.0.1:1";
        Assert.Equal(HubServer.Sha256(hub.Model), (await hub.ResolveAsync()).Sha256);
        Assert.Contains(hub.Progress, p => p.What.Contains("using the cached commit " + HubServer.Commit, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_hub_out_of_reach_and_nothing_cached_is_exit_code_5()
    {
        await using Hub hub = await Hub.StartAsync();
        hub.Variables["HF_ENDPOINT"] = "http://127.0.0.1:1";
        EdgeBenchException problem = await Assert.ThrowsAsync<EdgeBenchException>(() => hub.ResolveAsync());
        Assert.Equal(ExitCode.Infrastructure, problem.ExitCode);
        Assert.Contains("127.0.0.1:1", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_damaged_file_in_the_cache_is_removed_and_then_fetched_anew()
    {
        await using Hub hub = await Hub.StartAsync();
        string path = (await hub.ResolveAsync()).Path;
        await File.WriteAllBytesAsync(path, Hub.Bytes(300_000), TestContext.Current.CancellationToken);
        Assert.False(hub.Source().Outline(Hub.Spec(), hub.Context).Present);
        EdgeBenchException problem = await Assert.ThrowsAsync<EdgeBenchException>(() => hub.ResolveAsync());
        Assert.Contains("removed", problem.Message, StringComparison.Ordinal);
        Assert.Equal(HubServer.Sha256(hub.Model), (await hub.ResolveAsync()).Sha256);
    }

    [Fact]
    public async Task An_outline_asks_the_network_nothing_and_tells_what_the_cache_holds()
    {
        await using Hub hub = await Hub.StartAsync();
        CheckpointOutline before = hub.Source().Outline(Hub.Spec(), hub.Context);
        Assert.Equal((null, false, "hf:acme/tiny@main/*.gguf"), (before.FileBytes, before.Present, before.Identity));
        Assert.Empty(hub.Server.Seen);

        await hub.ResolveAsync();
        int asked = hub.Server.Seen.Count;
        CheckpointOutline after = hub.Source().Outline(Hub.Spec(), hub.Context);
        Assert.Equal((300_000L, true, $"hf:acme/tiny@{HubServer.Commit}/tiny-f16.gguf"), (after.FileBytes, after.Present, after.Identity));
        Assert.Equal((2, 64, 100), (after.Shape!.Layers, after.Shape.Width, after.Shape.Vocabulary));
        Assert.False(after.RandomWeights);
        Assert.Equal(asked, hub.Server.Seen.Count);
    }

    [Fact]
    public async Task HF_HUB_CACHE_goes_before_HF_HOME()
    {
        await using Hub hub = await Hub.StartAsync();
        hub.Variables["HF_HUB_CACHE"] = Path.Combine(hub.Folder.Path, "own");
        Assert.StartsWith(Path.Combine(hub.Folder.Path, "own", "models--acme--tiny"), (await hub.ResolveAsync()).Path, StringComparison.Ordinal);
    }
}
