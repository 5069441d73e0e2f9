using System.Net;
using System.Text.Json;

namespace EdgeBench.Devices.Power.Tools;

/// <summary>Asks a plug for JSON over HTTP: directly, without proxy or redirection, at most 64 KB, with a time limit.</summary>
internal sealed class PlugHttp : IDisposable
{
    private const int MaxBytes = 64 * 1024;
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(2);

    private readonly HttpClient _client;

    /// <param name="address">Such as <c>http://192.168.1.20</c>. Throws <see cref="MeterException"/>.</param>
    public PlugHttp(string address)
    {
        string remedy = "Write the plug's address as http://host in 'address' of the meter.";
        if (!Uri.TryCreate(address, UriKind.Absolute, out Uri? uri) || (uri.Scheme != Uri.UriSchemeHttp && uri.Scheme != Uri.UriSchemeHttps))
            throw new MeterException($"'{address}' is no address of a plug", remedy);
        if (uri.UserInfo.Length > 0) throw new MeterException("the plug's address holds a password, which would stand in every report", remedy);
        _client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false, AutomaticDecompression = DecompressionMethods.None, ConnectTimeout = s_limit })
        {
            BaseAddress = uri,
            Timeout = s_limit,
            MaxResponseContentBufferSize = MaxBytes,
        };
    }

    /// <summary>The answer, or null where there was none, or none that is JSON. To be disposed.</summary>
    public async Task<JsonDocument?> AskAsync(string path, CancellationToken cancellation)
    {
        try
        {
            byte[] bytes = await _client.GetByteArrayAsync(new Uri(path, UriKind.Relative), cancellation).ConfigureAwait(false);
            return JsonDocument.Parse(bytes, new JsonDocumentOptions { MaxDepth = 16 });
        }
        catch (Exception exception) when (exception is HttpRequestException or JsonException || (exception is TaskCanceledException && !cancellation.IsCancellationRequested))
        {
            return null;
        }
    }

    public void Dispose() => _client.Dispose();
}
