using System.IO.Enumeration;

namespace EdgeBench.Running.Planning;

/// <summary>
/// Globs over names: <c>*</c> any text, <c>?</c> one character, a backslash takes the next as it is. A glob matches an expanded name
/// (<c>int4[method=gptq]</c>) also by its base (<c>int4</c>), so that rules written before a list was expanded keep their meaning.
/// </summary>
internal static class NameGlob
{
    public static bool Matches(string glob, string name) => MatchesWhole(glob, name) || (name.EndsWith(']') && MatchesWhole(glob, BaseOf(name)));

    public static bool MatchesWhole(string glob, string text) => FileSystemName.MatchesSimpleExpression(glob, text, ignoreCase: false);

    public static string BaseOf(string name) => name.IndexOf('[', StringComparison.Ordinal) is >= 0 and var bracket ? name[..bracket] : name;
}
