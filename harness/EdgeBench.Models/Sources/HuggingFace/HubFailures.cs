using System.Net;
using EdgeBench.Core.Problems;

namespace EdgeBench.Models.Sources.HuggingFace;

/// <summary>What each failure of a hub says to a person. No message holds the token or a storage address (those carry signatures).</summary>
internal static class HubFailures
{
    private const int MostListed = 20;

    /// <summary>A definite refusal: 401, 403, 404 and other statuses below 500.</summary>
    public static EdgeBenchException Refused(HttpResponseMessage response, HubModelName model, string? file, HubEnvironment environment)
    {
        string repository = model.Repository;
        string code = response.Headers.TryGetValues("X-Error-Code", out IEnumerable<string>? codes) ? codes.FirstOrDefault() ?? "" : "";
        string token = environment.Token is null
            ? "set HF_TOKEN to a token that may read it"
            : "use an HF_TOKEN that may read it (the one that is set may not)";
        return (response.StatusCode, code) switch
        {
            (HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden, "GatedRepo") => EdgeBenchException.BadInput(
                $"'{repository}' is gated on {environment.Endpoint.Host}", "access that its owner has granted",
                $"Accept its terms at {environment.Endpoint}/{repository}, then {token}."),
            (HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden, _) => EdgeBenchException.BadInput(
                $"{environment.Endpoint.Host} refuses '{repository}' ({(int)response.StatusCode}): it does not exist, is private or is gated", "a repository that you may read",
                $"Check the name; if it is right, accept its terms on its page and {token}."),
            (HttpStatusCode.NotFound, "RevisionNotFound") => EdgeBenchException.BadInput(
                $"'{repository}' has no revision '{model.Revision}'", "one of its branches, tags or commits", "Leave '@…' away for the main branch."),
            (HttpStatusCode.NotFound, _) when file is not null => EdgeBenchException.BadInput(
                $"'{repository}' has no file '{file}' at {model.Revision}", "one of its files"),
            (HttpStatusCode.NotFound, _) => EdgeBenchException.BadInput(
                $"{environment.Endpoint.Host} has no '{repository}'{(model.Revision == "main" ? "" : $" with a revision '{model.Revision}'")}", "org/name of a public repository",
                $"Check the spelling; if it is private, {token}."),
            _ => EdgeBenchException.Infrastructure(
                $"{environment.Endpoint.Host} answered {(int)response.StatusCode} for '{repository}'", "200", "Check HF_ENDPOINT, and whether a proxy stands between."),
        };
    }

    public static EdgeBenchException GaveUp(HubTrouble trouble, HubModelName model, string? done) =>
        EdgeBenchException.Infrastructure(
            $"fetching '{model.Repository}' failed: {trouble.Message}", "a hub that answers",
            $"{done}Check the network and HF_ENDPOINT, then run again.", trouble);

    public static EdgeBenchException NotCached(HubModelName model, string? file, string cacheRoot) =>
        EdgeBenchException.Infrastructure(
            $"'{model.Repository}@{model.Revision}'{(file is null ? "" : $" file '{file}'")} is not in the cache '{cacheRoot}', and HF_HUB_OFFLINE forbids to fetch it",
            "a cached copy", "Unset HF_HUB_OFFLINE, or fetch it once while online.");

    public static EdgeBenchException NoHub(string what, HubEnvironment environment) =>
        EdgeBenchException.Infrastructure($"{environment.Endpoint.Host} {what}", "a Hugging Face hub or a mirror of its interface", "Check HF_ENDPOINT, and whether a proxy stands between.");

    public static EdgeBenchException NoSuchFile(HubModelName model, string file, IReadOnlyCollection<string> files)
    {
        string? question = Nearest.Question(file, files);
        return EdgeBenchException.BadInput(
            $"'{model.Repository}@{model.Revision}' has no file '{file}'", $"one of {List(files)}", question);
    }

    public static EdgeBenchException ManyFiles(HubModelName model, IReadOnlyCollection<string> files) =>
        EdgeBenchException.BadInput(
            $"'{model.Repository}' holds {files.Count} .gguf files and no 'file' names one", $"one of {List(files)}", "Add 'file: …' to the model.");

    public static EdgeBenchException NoGguf(HubModelName model, IReadOnlyCollection<string> files) =>
        EdgeBenchException.BadInput(
            $"'{model.Repository}' holds no .gguf file", $"a GGUF checkpoint, or config.json with safetensors; it holds {List(files)}",
            "Look for a repository with the model's name and -GGUF.");

    public static EdgeBenchException Split(HubModelName model, string file) =>
        EdgeBenchException.BadInput(
            $"'{file}' of '{model.Repository}' is one part of a split GGUF", "a model in one file", "Choose a smaller quantisation that is one file, or join the parts and use file:.");

    public static EdgeBenchException WrongHash(string what, string expected, string found, string consequence) =>
        EdgeBenchException.Infrastructure($"{what} has the hash {found}", expected, consequence);

    public static EdgeBenchException NotAsConfigured(HubModelName model, string file, string expected, string found) =>
        EdgeBenchException.BadInput(
            $"'{file}' of '{model.Repository}@{model.Revision}' has SHA-256 {found}", $"{expected}, as 'sha256' says",
            "Pin the revision that has this hash (hf:org/name@commit), or correct 'sha256'.");

    public static Uri CheckRedirect(Uri from, Uri? to)
    {
        if (to is null || to.Scheme is not ("http" or "https") || (from.Scheme == "https" && to.Scheme == "http"))
            throw EdgeBenchException.Infrastructure(
                $"{from.Authority} redirects to {(to is null ? "nowhere" : $"a {to.Scheme} address")}", "an https address", "Check HF_ENDPOINT, and whether a proxy stands between.");
        return to;
    }

    public static EdgeBenchException RedirectLoop(Uri address) =>
        EdgeBenchException.Infrastructure($"{address.Authority} redirects without end", "a file", "Check HF_ENDPOINT.");

    private static string List(IReadOnlyCollection<string> files)
    {
        if (files.Count == 0) return "nothing";
        string more = files.Count > MostListed ? $" and {files.Count - MostListed} more" : "";
        return string.Join(", ", files.Order(StringComparer.Ordinal).Take(MostListed).Select(Printable.Of)) + more;
    }
}
