using System.Text;
using System.Text.RegularExpressions;
using EdgeBench.Models.Tokenizers.Splitting;

namespace EdgeBench.Models.Tokenizers.HuggingFace;

/// <summary>Regular expressions of tokenizer.json (Oniguruma's syntax) as .NET's over code points.</summary>
internal static class PatternText
{
    // A hostile pattern may backtrack without end; published ones are done with megabytes in less.
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(1);

    /// <summary>Throws for a pattern that .NET reads otherwise or not at all.</summary>
    public static CodePointRegex Read(JsonPart part)
    {
        string pattern = part.Text() ?? throw part.Refused("no pattern", "a regular expression");
        if (pattern.Any(char.IsSurrogate) || pattern.Contains("[[", StringComparison.Ordinal) || pattern.Contains("&&", StringComparison.Ordinal) || pattern.Contains("-[", StringComparison.Ordinal))
            throw part.Refused("a pattern with code points beyond U+FFFF or sets within sets is not reproduced", "a pattern of categories and single code points");
        try
        {
            return new CodePointRegex(new Regex(Possessive(pattern), RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, s_limit));
        }
        catch (ArgumentException error)
        {
            throw part.Refused($"a pattern that is not reproduced: {error.Message}", "a pattern that .NET's regular expressions take");
        }
    }

    /// <summary><c>x?+</c>, <c>x*+</c> and <c>x++</c> as atomic groups, which .NET has.</summary>
    internal static string Possessive(string pattern)
    {
        StringBuilder output = new();
        Stack<int> groups = new();
        int atom = 0;
        for (int i = 0; i < pattern.Length;)
        {
            char letter = pattern[i];
            int start = output.Length;
            if (letter == '(') groups.Push(start);
            int length = letter switch
            {
                '\\' => EscapeLength(pattern, i),
                '[' => SetLength(pattern, i),
                _ => 1,
            };
            output.Append(pattern, i, length);
            i += length;
            if (letter is '?' or '*' or '+' && length == 1 && i < pattern.Length && pattern[i] == '+' && output.Length > 1)
            {
                output.Insert(atom, "(?>").Append(')');
                i++;
            }
            else if (letter == ')' && groups.TryPop(out int opening))
            {
                atom = opening;
            }
            else if (letter is not ('?' or '*' or '+'))
            {
                atom = start;
            }
        }
        return output.ToString();
    }

    private static int EscapeLength(string pattern, int at)
    {
        if (at + 1 >= pattern.Length) return 1;
        int close = pattern[at + 1] is 'p' or 'P' && at + 2 < pattern.Length && pattern[at + 2] == '{' ? pattern.IndexOf('}', at) : -1;
        return close < 0 ? 2 : close - at + 1;
    }

    private static int SetLength(string pattern, int at)
    {
        for (int i = at + 1; i < pattern.Length; i++)
        {
            if (pattern[i] == '\\') i++;
            else if (pattern[i] == ']' && i > at + 1 + (pattern[at + 1] == '^' ? 1 : 0)) return i - at + 1;
        }
        return pattern.Length - at;
    }
}
