using System.Text;
using EdgeBench.Core.Problems;
using Microsoft.AspNetCore.Http;

namespace EdgeBench.HuggingFace.Tests;

public class RefusalTests
{
    [Theory]
    [InlineData(401, "GatedRepo", "gated", "HF_TOKEN")]
    [InlineData(403, "GatedRepo", "Accept its terms", "HF_TOKEN")]
    [InlineData(401, "RepoNotFound", "does not exist, is private or is gated", "HF_TOKEN")]
    [InlineData(404, "RepoNotFound", "has no 'acme/tiny'", "Check the spelling")]
    [InlineData(404, "RevisionNotFound", "no revision 'main'", "main branch")]
    public async Task A_refusal_says_what_to_do(int status, string code, params string[] words)
    {
        await using Hub hub = await Hub.StartAsync();
        hub.Variables["HF_TOKEN"] = Hub.Token;
        hub.Server.Intercept = Answer(status, code);
        EdgeBenchException problem = await Assert.ThrowsAsync<EdgeBenchException>(() => hub.ResolveAsync());

        Assert.Equal(ExitCode.BadInput, problem.ExitCode);
        Assert.All(words, w => Assert.Contains(w, problem.Message, StringComparison.Ordinal));
        Assert.DoesNotContain(Hub.Token, problem.ToString(), StringComparison.Ordinal);
        Assert.Empty(hub.Cached());
        Assert.Single(hub.Server.Seen);
    }

    [Fact]
    public async Task A_file_that_is_gated_after_an_open_listing_is_refused_as_gated()
    {
        await using Hub hub = await Hub.StartAsync();
        hub.Server.Intercept = context => context.Request.Method == "HEAD" ? Answer(403, "GatedRepo")(context) : Task.FromResult(false);
        Assert.Contains("gated", (await FailAsync(hub, ExitCode.BadInput)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_misspelt_file_gets_a_suggestion_and_the_list()
    {
        await using Hub hub = await Hub.StartAsync();
        hub.Serve("tiny-q8_0.gguf", Hub.Bytes(10), large: true);
        string message = (await FailAsync(hub, ExitCode.BadInput, file: "tiny-q8_O.gguf")).Message;
        Assert.Contains("tiny-f16.gguf, tiny-q8_0.gguf", message, StringComparison.Ordinal);
        Assert.Contains("Did you mean 'tiny-q8_0.gguf'?", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Several_files_and_none_named_lists_them()
    {
        await using Hub hub = await Hub.StartAsync();
        hub.Serve("tiny-q8_0.gguf", Hub.Bytes(10), large: true);
        Assert.Contains("holds 2 .gguf files", (await FailAsync(hub, ExitCode.BadInput)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_repository_without_gguf_says_what_it_holds()
    {
        await using Hub hub = await Hub.StartAsync();
        hub.Server.Files.Clear();
        hub.Serve("model.safetensors", Hub.Bytes(10), large: true);
        Assert.Contains("it holds model.safetensors", (await FailAsync(hub, ExitCode.BadInput)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_part_of_a_split_model_is_refused()
    {
        await using Hub hub = await Hub.StartAsync();
        hub.Serve("big-00001-of-00002.gguf", Hub.Bytes(10), large: true);
        Assert.Contains("split", (await FailAsync(hub, ExitCode.BadInput, file: "big-00001-of-00002.gguf")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_content_than_the_announced_hash_is_removed()
    {
        await using Hub hub = await Hub.StartAsync();
        byte[] altered = [.. hub.Model];
        altered[^1] ^= 1;
        hub.Storage.Files["tiny-f16.gguf"] = (altered, true);
        EdgeBenchException problem = await FailAsync(hub, ExitCode.Infrastructure);
        Assert.Contains($"as fetched from 'acme/tiny' has the hash {HubServer.Sha256(altered)}", problem.Message, StringComparison.Ordinal);
        Assert.Contains("removed", problem.Message, StringComparison.Ordinal);
        Assert.Empty(hub.Cached());
    }

    [Theory]
    [InlineData(299_999, true)]
    [InlineData(300_001, true)]
    [InlineData(300_001, false)]
    public async Task Another_size_than_the_announced_one_is_refused(int length, bool declared)
    {
        await using Hub hub = await Hub.StartAsync();
        hub.Storage.Intercept = async context =>
        {
            if (declared) context.Response.ContentLength = length;
            await context.Response.Body.WriteAsync(Hub.Bytes(length));
            return true;
        };
        Assert.Contains("300000", (await FailAsync(hub, ExitCode.Infrastructure)).Message, StringComparison.Ordinal);
        Assert.DoesNotContain(hub.Cached(), p => p.StartsWith("snapshots", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_shorter_body_without_a_declared_length_is_never_accepted()
    {
        await using Hub hub = await Hub.StartAsync();
        hub.Storage.Intercept = async context =>
        {
            await context.Response.Body.WriteAsync(hub.Model.AsMemory(0, 1000));
            return true;
        };
        await FailAsync(hub, ExitCode.Infrastructure);
        Assert.DoesNotContain(hub.Cached(), p => p.StartsWith("snapshots", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_html_page_in_place_of_the_file_is_named_as_such()
    {
        await using Hub hub = await Hub.StartAsync();
        hub.Storage.Intercept = Page;
        Assert.Contains("HTML page", (await FailAsync(hub, ExitCode.Infrastructure)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_html_page_in_place_of_the_listing_is_named_as_such()
    {
        await using Hub hub = await Hub.StartAsync();
        hub.Server.Intercept = Page;
        Assert.Contains("HTML page", (await FailAsync(hub, ExitCode.Infrastructure)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_listing_and_headers_that_disagree_are_refused()
    {
        await using Hub hub = await Hub.StartAsync();
        hub.Server.Intercept = context =>
        {
            if (context.Request.Method != "HEAD") return Task.FromResult(false);
            context.Response.StatusCode = 302;
            context.Response.Headers["X-Repo-Commit"] = HubServer.Commit;
            context.Response.Headers["X-Linked-Size"] = "300000";
            context.Response.Headers["X-Linked-ETag"] = $"\"{new string('a', 64)}\"";
            context.Response.Headers.Location = "/elsewhere";
            return Task.FromResult(true);
        };
        Assert.Contains("lists 'tiny-f16.gguf' with the hash", (await FailAsync(hub, ExitCode.Infrastructure)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("X-Repo-Commit", "f000000000000000000000000000000000000000")]
    [InlineData("X-Repo-Commit", "")]
    [InlineData("X-Linked-ETag", "\"../../etc/passwd\"")]
    [InlineData("X-Linked-ETag", "\"abc-5\"")]
    [InlineData("X-Linked-Size", "-1")]
    [InlineData("X-Linked-Size", "many")]
    public async Task Headers_that_vouch_for_nothing_are_refused(string header, string value)
    {
        await using Hub hub = await Hub.StartAsync();
        hub.Server.Intercept = context =>
        {
            if (context.Request.Method != "HEAD") return Task.FromResult(false);
            context.Response.StatusCode = 302;
            context.Response.Headers["X-Repo-Commit"] = HubServer.Commit;
            context.Response.Headers["X-Linked-Size"] = "300000";
            context.Response.Headers["X-Linked-ETag"] = $"\"{HubServer.Sha256(hub.Model)}\"";
            context.Response.Headers.Location = "/elsewhere";
            context.Response.Headers[header] = value;
            return Task.FromResult(true);
        };
        Assert.Contains("HF_ENDPOINT", (await FailAsync(hub, ExitCode.Infrastructure)).Message, StringComparison.Ordinal);
        Assert.Empty(hub.Cached());
    }

    [Theory]
    [InlineData("../../../../escape.gguf")]
    [InlineData("/etc/escape.gguf")]
    [InlineData("a\\..\\escape.gguf")]
    [InlineData("a/\0escape.gguf")]
    [InlineData("a//escape.gguf")]
    [InlineData("./escape.gguf")]
    [InlineData("C:escape.gguf")]
    public async Task A_file_name_from_the_server_cannot_leave_its_folder(string name)
    {
        await using Hub hub = await Hub.StartAsync();
        hub.Server.Files[name] = (Hub.Bytes(10), true);
        EdgeBenchException problem = await FailAsync(hub, ExitCode.Infrastructure, file: "tiny-f16.gguf");
        Assert.Contains("leads out of its folder", problem.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\0', problem.Message);
        Assert.Empty(hub.Cached());
    }

    [Fact]
    public async Task A_listing_without_end_is_bounded()
    {
        await using Hub hub = await Hub.StartAsync();
        hub.Server.Intercept = async context =>
        {
            byte[] chunk = Encoding.ASCII.GetBytes(new string(' ', 1 << 20));
            for (int i = 0; i < 200 && !context.RequestAborted.IsCancellationRequested; i++) await context.Response.Body.WriteAsync(chunk);
            return true;
        };
        Assert.Contains("more than 32 MiB", (await FailAsync(hub, ExitCode.Infrastructure)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("{\"sha\":\"../../x\",\"siblings\":[]}")]
    [InlineData("{\"sha\":1,\"siblings\":[]}")]
    [InlineData("{\"sha\":\"0123456789abcdef0123456789abcdef01234567\",\"siblings\":3}")]
    [InlineData("{\"sha\":\"0123456789abcdef0123456789abcdef01234567\",\"siblings\":[{}]}")]
    public async Task A_listing_of_another_make_is_refused(string json)
    {
        await using Hub hub = await Hub.StartAsync();
        hub.Server.Intercept = async context =>
        {
            await context.Response.WriteAsync(json);
            return true;
        };
        Assert.Contains("HF_ENDPOINT", (await FailAsync(hub, ExitCode.Infrastructure)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/again")]
    [InlineData("file:///etc/passwd")]
    public async Task A_redirect_without_end_or_to_no_web_address_is_refused(string location)
    {
        await using Hub hub = await Hub.StartAsync();
        hub.Server.Intercept = context =>
        {
            context.Response.Redirect(location);
            return Task.FromResult(true);
        };
        Assert.Contains("redirects", (await FailAsync(hub, ExitCode.Infrastructure)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_is_vouched_for_and_yet_no_model_is_bad_input()
    {
        await using Hub hub = await Hub.StartAsync();
        hub.Serve("tiny-f16.gguf", Encoding.ASCII.GetBytes("version https://git-lfs.github.com/spec/v1\noid sha256:0\n"), large: false);
        await FailAsync(hub, ExitCode.BadInput);
    }

    [Fact]
    public async Task A_renamed_repository_is_followed_on_its_own_host()
    {
        await using Hub hub = await Hub.StartAsync();
        hub.Server.Intercept = context =>
        {
            string path = context.Request.Path.Value!;
            if (!path.Contains("acme/old", StringComparison.Ordinal)) return Task.FromResult(false);
            context.Response.Redirect(path.Replace("acme/old", "acme/tiny", StringComparison.Ordinal), permanent: false, preserveMethod: true);
            return Task.FromResult(true);
        };
        Assert.Equal(HubServer.Sha256(hub.Model), (await hub.ResolveAsync("hf:acme/old")).Sha256);
    }

    [Fact]
    public async Task The_configured_hash_is_checked_before_a_byte_is_fetched()
    {
        await using Hub hub = await Hub.StartAsync();
        EdgeBenchException problem = await Assert.ThrowsAsync<EdgeBenchException>(() => hub.ResolveAsync(sha256: new string('b', 64)));
        Assert.Equal(ExitCode.BadInput, problem.ExitCode);
        Assert.Contains(HubServer.Sha256(hub.Model), problem.Message, StringComparison.Ordinal);
        Assert.Empty(hub.Storage.Seen);
        Assert.Equal(HubServer.Sha256(hub.Model), (await hub.ResolveAsync(sha256: HubServer.Sha256(hub.Model).ToUpperInvariant())).Sha256);
        await Assert.ThrowsAsync<EdgeBenchException>(() => hub.ResolveAsync(sha256: new string('b', 64)));
    }

    private static async Task<EdgeBenchException> FailAsync(Hub hub, ExitCode code, string? file = null)
    {
        EdgeBenchException problem = await Assert.ThrowsAsync<EdgeBenchException>(() => hub.ResolveAsync(file: file));
        Assert.Equal(code, problem.ExitCode);
        return problem;
    }

    private static Func<HttpContext, Task<bool>> Answer(int status, string code) => context =>
    {
        context.Response.StatusCode = status;
        context.Response.Headers["X-Error-Code"] = code;
        return Task.FromResult(true);
    };

    private static async Task<bool> Page(HttpContext context)
    {
        context.Response.ContentType = "text/html; charset=utf-8";
        await context.Response.WriteAsync("<!DOCTYPE html><title>Sign in</title>");
        return true;
    }
}
