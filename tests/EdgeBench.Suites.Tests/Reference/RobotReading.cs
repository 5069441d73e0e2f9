using System.Text.RegularExpressions;

namespace EdgeBench.Suites.Tests.Reference;

/// <summary>The actions of an instruction from its text alone, by the grammar as suites/reference/README.md has it: written apart from the generator.</summary>
internal static class RobotReading
{
    private const string Clause = "([^,]+?)";
    private static readonly string[] s_counts = ["", "one", "two", "three", "four", "five"];

    // Sentences, the longest first, with the order of their clauses.
    private static readonly (string Pattern, string Order)[] s_sentences =
    [
        ($"{Clause}, then {Clause}, then {Clause}", "123"),
        ($"do this twice: {Clause}, then {Clause}", "1212"), ($"do this twice: {Clause}", "11"), ($"first {Clause}, then {Clause}", "12"), ($"{Clause}, but first {Clause}", "21"),
        ($"{Clause}, then {Clause}", "12"), ($"after you {Clause}, {Clause}", "12"), ($"before you {Clause}, {Clause}", "21"), ($"{Clause} and {Clause} after you {Clause}", "312"),
        ($"{Clause} after you {Clause}", "21"), ($"{Clause} before you {Clause}", "12"), ($"{Clause} but do not {Clause}", "1"), ($"do not {Clause}, {Clause} instead", "2"),
        ($"{Clause} and {Clause}", "12"), ($"please {Clause}", "1"), (Clause, "1"),
    ];

    public static string Actions(string text)
    {
        foreach ((string pattern, string order) in s_sentences)
        {
            Match match = Regex.Match(text, $"^{pattern}$");
            if (match.Success) return string.Join(' ', order.Select(place => Do(match.Groups[place - '0'].Value)));
        }
        throw new FormatException(text);
    }

    private static string Do(string clause)
    {
        (string ending, int times) = clause switch
        {
            _ when clause.EndsWith(" twice", StringComparison.Ordinal) => (" twice", 2),
            _ when clause.EndsWith(" three times", StringComparison.Ordinal) => (" three times", 3),
            _ => ("", 1),
        };
        return string.Join(' ', Enumerable.Repeat(Once(clause[..^ending.Length]), times));
    }

    private static string Once(string clause)
    {
        if (Regex.Match(clause, @"^(?:walk|go|move) (\S+) steps? (.+)$") is { Success: true } walk)
        {
            string direction = walk.Groups[2].Value, step = direction is "back" or "backward" ? "back" : "fwd";
            string steps = string.Join(' ', Enumerable.Repeat(step, Count(walk.Groups[1].Value)));
            return direction switch { "to the left" => $"left {steps}", "to the right" => $"right {steps}", _ => steps };
        }
        if (Regex.Match(clause, @"^wait (\S+) seconds$") is { Success: true } wait) return $"wait:{Count(wait.Groups[1].Value)}";
        if (Regex.Match(clause, @"^(.+?) the (\w+) (\w+)( away)?$") is { Success: true } act && act.Groups[1].Value is not ("walk in a circle to"))
        {
            string thing = $"{act.Groups[2].Value}_{act.Groups[3].Value}";
            return act.Groups[1].Value switch
            {
                "go to" => $"goto:{thing}",
                "push" => $"push:{thing}",
                "put down" or "drop" => $"drop:{thing}",
                "fetch" => $"goto:{thing} grab:{thing} home",
                "carry" => $"grab:{thing} left left fwd fwd drop:{thing}",
                _ => $"grab:{thing}",
            };
        }
        return clause switch
        {
            "turn left" => "left",
            "turn right" => "right",
            "turn around" => "left left",
            "walk in a circle to the left" => "left fwd left fwd left fwd left fwd",
            "walk in a circle to the right" => "right fwd right fwd right fwd right fwd",
            "look left" => "left scan right",
            "look right" => "right scan left",
            "look behind you" => "left left scan left left",
            "look around" => "scan left scan left scan left scan left",
            "go home" or "come home" => "home",
            "beep" => "beep",
            _ => throw new FormatException(clause),
        };
    }

    private static int Count(string word) => int.TryParse(word, out int digits) ? digits : Array.IndexOf(s_counts, word);
}
