using System.Text.RegularExpressions;
using EdgeBench.Core.Problems;

namespace EdgeBench.Models.Sources.HuggingFace;

/// <summary>A repository and a revision, checked so that both are safe in an address and in a path.</summary>
internal sealed partial record HubModelName(string Organisation, string Name, string Revision)
{
    private const int LongestPart = 96;
    private const int LongestRevision = 255;

    public string Repository => $"{Organisation}/{Name}";

    /// <summary>A full commit hash: what it names can never change.</summary>
    public bool IsPinned => IsCommit(Revision);

    public static bool IsCommit(string text) => Commit().IsMatch(text);

    /// <summary>Parses <c>hf:org/name[@revision]</c>; the revision is <c>main</c> where none is given.</summary>
    public static HubModelName Parse(string source)
    {
        string text = source.StartsWith("hf:", StringComparison.Ordinal) ? source[3..] : source;
        int at = text.IndexOf('@');
        string repository = at < 0 ? text : text[..at];
        string revision = at < 0 ? "main" : text[(at + 1)..];
        string[] parts = repository.Split('/');
        if (parts.Length != 2 || !parts.All(IsName))
            throw EdgeBenchException.BadInput(
                $"model source '{Printable.Of(source)}'", "hf:org/name or hf:org/name@revision, names of letters, digits, '-', '_' and '.'",
                "Copy the name from the model's page.");
        if (!IsRevision(revision))
            throw EdgeBenchException.BadInput(
                $"revision '{Printable.Of(revision)}' of '{repository}'", "a branch, a tag or a 40-digit commit", "For the newest commit leave '@…' away.");
        return new HubModelName(parts[0], parts[1], revision);
    }

    private static bool IsName(string part) =>
        part.Length is > 0 and <= LongestPart && NamePart().IsMatch(part) && !part.Contains("--", StringComparison.Ordinal)
        && !part.Contains("..", StringComparison.Ordinal) && !part.EndsWith(".git", StringComparison.Ordinal);

    private static bool IsRevision(string revision) =>
        revision.Length <= LongestRevision && RevisionText().IsMatch(revision) && revision.Split('/').All(p => p.Length > 0 && !p.StartsWith('.') && !p.EndsWith('.'))
        && !revision.Contains("..", StringComparison.Ordinal);

    [GeneratedRegex(@"^[0-9a-f]{40}\z")]
    private static partial Regex Commit();

    [GeneratedRegex(@"^[A-Za-z0-9_]([A-Za-z0-9._-]*[A-Za-z0-9_])?\z")]
    private static partial Regex NamePart();

    [GeneratedRegex(@"^[A-Za-z0-9._/+=-]+\z")]
    private static partial Regex RevisionText();
}
