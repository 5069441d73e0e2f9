namespace EdgeBench.Suites.Reference.Robot;

/// <summary>One instruction with what is done.</summary>
/// <param name="Actions">Spaces between.</param>
/// <param name="Times">Part of the template, or null where it is done once.</param>
/// <param name="Combination">Null where it has neither count nor object.</param>
internal sealed record RobotClause(string Text, string Actions, string Phrase, string? Times, string? Combination)
{
    private const int MostSteps = 5;

    private static readonly string[] s_colours = ["red", "blue", "green", "yellow", "black", "white"];
    private static readonly string[] s_things = ["ball", "box", "cup", "book", "key", "chair", "lamp", "bottle"];
    private static readonly (string Text, int Times)[] s_times = [("", 1), ("", 1), ("", 1), (" twice", 2), (" three times", 3)];

    public static RobotClause Draw(Chance chance)
    {
        RobotPhrase phrase = chance.Of(RobotPhrase.All);
        int count = phrase.Action.Contains('*') && !phrase.HasCount ? 2 : chance.Number(2, MostSteps);
        string colour = chance.Of(s_colours), thing = chance.Of(s_things);
        (string said, int times) = phrase.Repeats ? chance.Of(s_times) : ("", 1);
        string text = chance.Write(phrase.Pattern, ("n", chance.In100(70) ? NumberWords.Of(count) : $"{count}"), ("thing", $"{colour} {thing}")) + said;
        string once = string.Join(' ', phrase.Action.Split(' ').Select(action => action.StartsWith('*') ? string.Join(' ', Enumerable.Repeat(action[1..], count)) : action))
            .Replace("{n}", $"{count}", StringComparison.Ordinal).Replace("{thing}", $"{colour}_{thing}", StringComparison.Ordinal);
        return new RobotClause(text, string.Join(' ', Enumerable.Repeat(once, times)), phrase.Name,
            times == 1 ? null : $"robot:{phrase.Name}|{times} times", phrase.HasThing ? $"robot:{phrase.Name}|{colour} {thing}" : phrase.HasCount ? $"robot:{phrase.Name}|{count}" : null);
    }
}
