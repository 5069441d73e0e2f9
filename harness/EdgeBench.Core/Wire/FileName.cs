namespace EdgeBench.Core.Wire;

/// <summary>
/// Names that one end may give the other's files: 1 to 128 ASCII letters, digits, blanks and <c>. _ - + ( )</c>, not beginning with a dot, a dash or a
/// blank. So no name is a path, a hidden file, an option, or differs from another only where a file system does not look.
/// </summary>
public static class FileName
{
    public const int MaxLength = 128;

    public const string Expected = "1 to 128 letters, digits, blanks and '._-+()', beginning with a letter, a digit, '_', '+' or '('";

    public static bool IsSafe(string? name) =>
        name is { Length: > 0 and <= MaxLength } && name[0] is not ('.' or '-' or ' ') && name.All(IsAllowed);

    /// <summary>The name where it is safe; else <paramref name="stem"/> with the name's extension where that is safe.</summary>
    public static string Safe(string name, string stem)
    {
        if (IsSafe(name)) return name;
        string extended = stem + Path.GetExtension(name);
        return IsSafe(extended) ? extended : stem;
    }

    private static bool IsAllowed(char c) => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-' or '+' or '(' or ')' or ' ';
}
