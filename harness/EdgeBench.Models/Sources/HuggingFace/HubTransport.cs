using System.Net;
using System.Net.Http.Headers;
using System.Reflection;

namespace EdgeBench.Models.Sources.HuggingFace;

/// <summary>
/// One HTTP request, with redirects followed here rather than by the handler, because the token may go to the hub itself and never to the
/// storage host that a large file is redirected to.
/// </summary>
internal sealed class HubTransport(HubEnvironment environment, HubPatience patience) : IDisposable
{
    private const int MostRedirects = 10;

    private static readonly ProductInfoHeaderValue s_agent =
        new("EdgeBench", typeof(HubTransport).Assembly.GetCustomAttribute<AssemblyFileVersionAttribute>()?.Version ?? "0");

    private readonly HttpClient _client = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        AutomaticDecompression = DecompressionMethods.None,
        ConnectTimeout = TimeSpan.FromSeconds(10),
        MaxResponseHeadersLength = 64,
    })
    { Timeout = Timeout.InfiniteTimeSpan };

    /// <summary>
    /// Sends and returns the first response that is no redirect, or that <paramref name="stop"/> wants as it is; its body is not read yet.
    /// Throws <see cref="HubTrouble"/> for what may pass.
    /// </summary>
    public async Task<HttpResponseMessage> SendAsync(
        HttpMethod method, Uri address, RangeHeaderValue? range, RangeConditionHeaderValue? condition, Func<HttpResponseMessage, bool>? stop,
        CancellationToken cancellation)
    {
        for (int hop = 0; hop <= MostRedirects; hop++)
        {
            using HttpRequestMessage request = new(method, address);
            request.Headers.UserAgent.Add(s_agent);
            request.Headers.AcceptEncoding.ParseAdd("identity");
            request.Headers.Range = range;
            request.Headers.IfRange = condition;
            if (environment.Token is { } token && environment.Trusts(address)) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);

            HttpResponseMessage response = await AwaitAsync(
                address, c => _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, c), cancellation).ConfigureAwait(false);
            if (Passing(response) is { } trouble)
            {
                response.Dispose();
                throw trouble;
            }
            if (!IsRedirect(response.StatusCode) || stop?.Invoke(response) == true) return response;

            Uri? next = response.Headers.Location is { } location ? new Uri(address, location) : null;
            response.Dispose();
            address = HubFailures.CheckRedirect(address, next);
        }
        throw HubFailures.RedirectLoop(address);
    }

    /// <summary>Runs one wait on the network under the stall limit and names what went wrong.</summary>
    public async Task<T> AwaitAsync<T>(Uri address, Func<CancellationToken, Task<T>> wait, CancellationToken cancellation)
    {
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(patience.Stall);
        try
        {
            return await wait(limit.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new HubTrouble($"{address.Authority} sent nothing for {patience.Stall.TotalSeconds:0.#} s");
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            throw new HubTrouble($"the connection to {address.Authority} failed: {Printable.Of(exception.InnerException?.Message ?? exception.Message)}", null, exception);
        }
    }

    public void Dispose() => _client.Dispose();

    private static bool IsRedirect(HttpStatusCode status) => (int)status is 301 or 302 or 303 or 307 or 308;

    private static HubTrouble? Passing(HttpResponseMessage response)
    {
        int status = (int)response.StatusCode;
        if (status is not (408 or 429 or >= 500)) return null;
        RetryConditionHeaderValue? retry = response.Headers.RetryAfter;
        TimeSpan? after = retry?.Delta ?? (retry?.Date is { } date ? date - DateTimeOffset.UtcNow : null);
        string asks = after > TimeSpan.Zero ? $" and asks to wait {after.Value.TotalSeconds:0} s" : "";
        return new HubTrouble($"{response.RequestMessage?.RequestUri?.Authority} answered {status}{asks}", after);
    }
}
