using EdgeBench.Core.Problems;

namespace EdgeBench.Models.Sources.HuggingFace;

/// <summary>What the <c>HF_*</c> variables say, with huggingface_hub's names and defaults.</summary>
/// <param name="Endpoint">Root of the hub without a trailing slash.</param>
/// <param name="CacheRoot">Folder that holds <c>models--org--name</c>.</param>
/// <param name="Token">Access token, or null; never part of a message.</param>
/// <param name="Offline">Nothing may be asked of the network.</param>
internal sealed record HubEnvironment(Uri Endpoint, string CacheRoot, string? Token, bool Offline)
{
    private static readonly string[] s_true = ["1", "ON", "YES", "TRUE"];

    public static HubEnvironment From(Func<string, string?> variable) => new(
        ReadEndpoint(Text(variable, "HF_ENDPOINT")),
        ReadCacheRoot(variable),
        ReadToken(Text(variable, "HF_TOKEN")),
        s_true.Contains(Text(variable, "HF_HUB_OFFLINE")?.ToUpperInvariant()));

    /// <summary>Whether a request to <paramref name="address"/> may carry the token: only the endpoint's own scheme, host and port.</summary>
    public bool Trusts(Uri address) =>
        Uri.Compare(address, Endpoint, UriComponents.SchemeAndServer, UriFormat.SafeUnescaped, StringComparison.OrdinalIgnoreCase) == 0;

    // A record's default text would print the token.
    public override string ToString() => Endpoint.ToString();

    private static string? Text(Func<string, string?> variable, string name) =>
        variable(name)?.Trim() is { Length: > 0 } text ? text : null;

    private static Uri ReadEndpoint(string? text)
    {
        if (text is null) return new Uri("https://huggingface.co");
        if (Uri.TryCreate(text.TrimEnd('/'), UriKind.Absolute, out Uri? uri) && uri.Scheme is "https" or "http"
            && uri.UserInfo.Length == 0 && uri.Query.Length == 0 && uri.Fragment.Length == 0)
            return uri;
        throw EdgeBenchException.BadInput(
            "HF_ENDPOINT is no usable address", "an http or https address without user name, query or fragment, such as https://huggingface.co",
            "Correct the variable, or unset it for the default.");
    }

    private static string ReadCacheRoot(Func<string, string?> variable)
    {
        if (Text(variable, "HF_HUB_CACHE") is { } cache) return Path.GetFullPath(Home(cache, variable));
        if (Text(variable, "HF_HOME") is { } home) return Path.GetFullPath(Path.Combine(Home(home, variable), "hub"));
        string general = Text(variable, "XDG_CACHE_HOME") is { } xdg ? Home(xdg, variable) : Home("~/.cache", variable);
        return Path.GetFullPath(Path.Combine(general, "huggingface", "hub"));
    }

    private static string Home(string path, Func<string, string?> variable)
    {
        if (path != "~" && !path.StartsWith("~/", StringComparison.Ordinal)) return path;
        string home = Text(variable, "HOME") ?? Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        return Path.Combine(home.Length > 0 ? home : Path.GetTempPath(), path[1..].TrimStart('/'));
    }

    private static string? ReadToken(string? text)
    {
        if (text is null || text.All(c => c is > ' ' and < (char)127)) return text;
        throw EdgeBenchException.BadInput(
            "HF_TOKEN holds spaces, line breaks or other characters that no token has", "a token such as hf_…",
            "Set it again, without quotes or line breaks.");
    }
}
