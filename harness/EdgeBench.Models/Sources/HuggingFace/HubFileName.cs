using EdgeBench.Core.Problems;

namespace EdgeBench.Models.Sources.HuggingFace;

/// <summary>The path of a file inside a repository: relative, forward slashes, never out of its folder.</summary>
internal static class HubFileName
{
    private const int Longest = 1024;
    private const int LongestPart = 255;

    public static bool IsSafe(string name) =>
        name.Length is > 0 and <= Longest
        && !name.Any(c => c is '\\' or ':' || char.IsControl(c))
        && name.Split('/').All(part => part.Length is > 0 and <= LongestPart && part is not ("." or ".."));

    /// <summary>Checks what the user wrote as <c>file</c>.</summary>
    public static void CheckAsked(string name)
    {
        if (!IsSafe(name))
            throw EdgeBenchException.BadInput(
                $"file '{Printable.Of(name)}'", "a path inside the repository, such as model-q8_0.gguf, without '..', '\\' or a leading '/'",
                "Copy the name from the repository's list of files.");
        if (!name.EndsWith(".gguf", StringComparison.OrdinalIgnoreCase))
            throw EdgeBenchException.BadInput($"file '{Printable.Of(name)}'", "a .gguf file", "Name one of the repository's GGUF files.");
    }

    /// <summary>Checks what a server calls one of its files.</summary>
    public static void CheckServed(string name, string repository)
    {
        if (!IsSafe(name))
            throw EdgeBenchException.Infrastructure(
                $"the hub lists a file '{Printable.Of(name)}' in '{repository}', which leads out of its folder", "relative names without '..'",
                "Nothing was fetched. Check HF_ENDPOINT: this is no honest hub.");
    }
}
