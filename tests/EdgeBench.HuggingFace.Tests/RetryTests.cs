using System.Diagnostics;
using EdgeBench.Core.Problems;
using EdgeBench.Models.Sources;
using Microsoft.AspNetCore.Http;

namespace EdgeBench.HuggingFace.Tests;

public class RetryTests
{
    [Fact]
    public async Task A_cut_in_the_middle_of_the_body_resumes_where_it_stopped()
    {
        await using Hub hub = await Hub.StartAsync();
        hub.Storage.Intercept = Cut.After(hub.Model, 120_000);
        Checkpoint checkpoint = await hub.ResolveAsync();

        Assert.Equal(HubServer.Sha256(hub.Model), checkpoint.Sha256);
        Assert.Equal(["bytes=120000-"], hub.Storage.Seen.Skip(1).Select(s => s.Range));
        Assert.Contains(hub.Progress, p => p.What.Contains("trying again", StringComparison.Ordinal) && p.Bytes == 120_000);
    }

    [Fact]
    public async Task What_an_earlier_process_left_is_resumed()
    {
        await using Hub hub = await Hub.StartAsync();
        Directory.CreateDirectory(Path.GetDirectoryName(hub.Incomplete)!);
        await File.WriteAllBytesAsync(hub.Incomplete, hub.Model[..250_000], TestContext.Current.CancellationToken);
        Assert.Equal(HubServer.Sha256(hub.Model), (await hub.ResolveAsync()).Sha256);
        Assert.Equal("bytes=250000-", Assert.Single(hub.Storage.Seen).Range);
    }

    [Theory]
    [InlineData(100)]
    [InlineData(300_000)]
    [InlineData(400_000)]
    public async Task What_an_earlier_process_left_damaged_is_fetched_anew(int length)
    {
        await using Hub hub = await Hub.StartAsync();
        Directory.CreateDirectory(Path.GetDirectoryName(hub.Incomplete)!);
        await File.WriteAllBytesAsync(hub.Incomplete, new byte[length], TestContext.Current.CancellationToken);
        Assert.Equal(HubServer.Sha256(hub.Model), (await hub.ResolveAsync()).Sha256);
        Assert.Null(hub.Storage.Seen.Last().Range);
    }

    [Fact]
    public async Task A_server_that_ignores_ranges_is_read_from_the_start()
    {
        await using Hub hub = await Hub.StartAsync();
        Directory.CreateDirectory(Path.GetDirectoryName(hub.Incomplete)!);
        await File.WriteAllBytesAsync(hub.Incomplete, hub.Model[..100], TestContext.Current.CancellationToken);
        hub.Storage.Intercept = async context =>
        {
            await context.Response.Body.WriteAsync(hub.Model);
            return true;
        };
        Assert.Equal(HubServer.Sha256(hub.Model), (await hub.ResolveAsync()).Sha256);
    }

    [Theory]
    [InlineData(500)]
    [InlineData(503)]
    [InlineData(429)]
    [InlineData(408)]
    public async Task A_passing_refusal_is_tried_again(int status)
    {
        await using Hub hub = await Hub.StartAsync();
        int refusals = 0;
        Task<bool> RefuseTwice(HttpContext context)
        {
            if (Interlocked.Increment(ref refusals) > 2) return Task.FromResult(false);
            context.Response.StatusCode = status;
            return Task.FromResult(true);
        }
        hub.Server.Intercept = RefuseTwice;
        await hub.ResolveAsync();
        Assert.Equal(3, hub.Server.Count("GET /api"));
    }

    [Fact]
    public async Task Retry_after_is_honoured()
    {
        await using Hub hub = await Hub.StartAsync();
        hub.Storage.Intercept = context =>
        {
            if (hub.Storage.Seen.Count > 1) return Task.FromResult(false);
            context.Response.StatusCode = 429;
            context.Response.Headers.RetryAfter = "1";
            return Task.FromResult(true);
        };
        long start = Stopwatch.GetTimestamp();
        await hub.ResolveAsync();
        Assert.True(Stopwatch.GetElapsedTime(start) >= TimeSpan.FromSeconds(1));
    }

    [Fact]
    public async Task A_server_that_asks_for_an_hour_is_given_up_on_with_its_words()
    {
        await using Hub hub = await Hub.StartAsync();
        hub.Server.Intercept = context =>
        {
            context.Response.StatusCode = 429;
            context.Response.Headers.RetryAfter = "3600";
            return Task.FromResult(true);
        };
        EdgeBenchException problem = await Assert.ThrowsAsync<EdgeBenchException>(() => hub.ResolveAsync());
        Assert.Equal(ExitCode.Infrastructure, problem.ExitCode);
        Assert.Contains("3600 s", problem.Message, StringComparison.Ordinal);
        Assert.Single(hub.Server.Seen);
    }

    [Fact]
    public async Task Endless_failure_ends_with_exit_code_5_and_keeps_what_arrived()
    {
        await using Hub hub = await Hub.StartAsync();
        Func<HttpContext, Task<bool>> cut = Cut.After(hub.Model, 50_000);
        hub.Storage.Intercept = async context =>
        {
            if (await cut(context)) return true;
            context.Response.StatusCode = 502;
            return true;
        };
        EdgeBenchException problem = await Assert.ThrowsAsync<EdgeBenchException>(() => hub.ResolveAsync());
        Assert.Equal(ExitCode.Infrastructure, problem.ExitCode);
        Assert.Contains("502", problem.Message, StringComparison.Ordinal);
        Assert.Equal(4, hub.Storage.Seen.Count);
        Assert.Equal(50_000, new FileInfo(hub.Incomplete).Length);
    }

    [Fact]
    public async Task A_server_that_falls_silent_is_no_hang()
    {
        await using Hub hub = await Hub.StartAsync();
        hub.Stall = TimeSpan.FromSeconds(0.7);
        hub.Storage.Intercept = Cut.After(hub.Model, 60_000, then: context => Task.Delay(TimeSpan.FromSeconds(20), context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default));
        Assert.Equal(HubServer.Sha256(hub.Model), (await hub.ResolveAsync()).Sha256);
        Assert.Contains(hub.Progress, p => p.What.Contains("sent nothing for 0.7 s", StringComparison.Ordinal));
    }
}
