using System.Text.RegularExpressions;

namespace EdgeBench.Running.Configuration.Yaml;

/// <summary>What a scalar is by YAML 1.2's core schema.</summary>
internal enum ScalarKind
{
    Null,
    Flag,
    Integer,
    Number,
    Text,
}

/// <summary>Resolution of unquoted scalars (YAML 1.2.2, section 10.3.2).</summary>
internal static partial class ScalarKinds
{
    public static ScalarKind OfPlain(string text) => text switch
    {
        "" or "~" or "null" or "Null" or "NULL" => ScalarKind.Null,
        "true" or "True" or "TRUE" or "false" or "False" or "FALSE" => ScalarKind.Flag,
        _ when Whole().IsMatch(text) => ScalarKind.Integer,
        _ when Real().IsMatch(text) => ScalarKind.Number,
        _ => ScalarKind.Text,
    };

    [GeneratedRegex(@"\A(?:[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+)\z", RegexOptions.NonBacktracking)]
    private static partial Regex Whole();

    [GeneratedRegex(@"\A(?:[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))\z", RegexOptions.NonBacktracking)]
    private static partial Regex Real();
}
