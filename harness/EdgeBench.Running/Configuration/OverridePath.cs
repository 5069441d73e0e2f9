using System.Globalization;

namespace EdgeBench.Running.Configuration;

/// <summary>One step of an override's path: a key, or the 0-based index of a list.</summary>
internal readonly record struct PathStep(string? Key, int Index)
{
    public override string ToString() => Key ?? $"[{Index}]";
}

/// <summary><c>workloads.chat.threads</c>, <c>recipes.int4[0].ptq.weights</c>; a key with dots may stand in quotes.</summary>
internal static class OverridePath
{
    private const int MaxSteps = 64;

    private const string DevicesKey = "devices";

    /// <summary>The steps before the first <c>=</c> outside of quotes, and what follows it; null where this is no path.</summary>
    public static (IReadOnlyList<PathStep> Steps, string Value)? Split(string expression)
    {
        List<PathStep> steps = [];
        int at = 0;
        while (steps.Count < MaxSteps)
        {
            if (at >= expression.Length) return null;
            if (expression[at] is '[' && steps.Count > 0)
            {
                int close = expression.IndexOf(']', at);
                if (close < 0 || !int.TryParse(expression.AsSpan(at + 1, close - at - 1), NumberStyles.None, CultureInfo.InvariantCulture, out int index))
                    return null;
                steps.Add(new PathStep(null, index));
                at = close + 1;
            }
            else
            {
                if (Key(expression, ref at) is not { } key) return null;
                steps.Add(new PathStep(key, 0));
            }
            if (at >= expression.Length) return null;
            if (expression[at] == '=') return (steps, expression[(at + 1)..]);
            if (expression[at] == '.') at++;
            else if (expression[at] != '[') return null;
        }
        return null;
    }

    /// <summary>
    /// The expression as a journal keeps it: how a device is reached names hosts and users, and may hold a password, so of a device's own keys the value is left out.
    /// </summary>
    public static string Recorded(string expression)
    {
        if (Split(expression) is not ({ } steps, { } value) || steps[0].Key != DevicesKey || (steps.Count == 1 && !value.AsSpan().ContainsAny('{', ':'))) return expression;
        return $"{expression[..^value.Length]}…";
    }

    private static string? Key(string expression, ref int at)
    {
        int start = at;
        if (expression[at] is '"' or '\'')
        {
            int close = expression.IndexOf(expression[at], at + 1);
            if (close < 0) return null;
            at = close + 1;
            return expression[(start + 1)..close];
        }
        while (at < expression.Length && expression[at] is not ('.' or '[' or '=' or ']')) at++;
        return at == start ? null : expression[start..at].Trim();
    }
}
