using System.Text.RegularExpressions;
using EdgeBench.Running.Configuration.Yaml;

namespace EdgeBench.Running.Configuration.Shapes;

/// <summary>What users may call models, recipes, backends and workloads, and how an expanded name is made of it.</summary>
internal static partial class NameRule
{
    /// <summary>At least one character that is no dot: <c>.</c> and <c>..</c> are folders.</summary>
    public const string Pattern = @"^(?=.*[A-Za-z0-9_+-])[A-Za-z0-9._+-]{1,64}$";

    public static bool Check(string name, Place place, string path, string what, ProblemList problems)
    {
        if (Form().IsMatch(name)) return true;
        problems.Add(place, path, $"{what} {ProblemList.Quote(name)}", "a name of 1 to 64 letters, digits, '.', '_', '+' or '-'");
        return false;
    }

    /// <summary><c>int4[method=gptq]</c>: the base name with every part that varies, or the base name alone.</summary>
    public static string Expand(string name, IEnumerable<string> parts)
    {
        string suffix = string.Join(',', parts.Select(Clean));
        return suffix.Length == 0 ? name : $"{name}[{suffix}]";
    }

    // Expanded names end in cell ids and file names: no separators, no brackets of their own, no blanks.
    private static string Clean(string part) =>
        string.Concat(part.Where(c => c != ' ').Select(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '+' or '-' or '@' or '=' ? c : '-'));

    [GeneratedRegex(@"\A(?=.*[A-Za-z0-9_+-])[A-Za-z0-9._+-]{1,64}\z")]
    private static partial Regex Form();
}
