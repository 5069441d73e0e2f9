namespace EdgeBench.Suites.Reference.Home;

/// <summary>When a command is due, as said and as JSON.</summary>
internal sealed record HomeTime(string Text, string Json)
{
    public static HomeTime Draw(Chance chance)
    {
        if (chance.In100(40)) return Delay(chance);
        int hour = chance.Number(1, 11), minute = chance.Of([0, 0, 15, 30, 30, 45]);
        bool evening = chance.In100(50);
        string part = evening ? chance.Of(["pm", "in the evening"]) : chance.Of(["am", "in the morning"]);
        string said = (minute, chance.In100(50)) switch
        {
            (0, _) => $"{hour}",
            (15, true) => $"quarter past {hour}",
            (30, true) => $"half past {hour}",
            (45, true) when hour < 11 => $"quarter to {hour + 1}",
            _ => $"{hour} {minute}",
        };
        return new HomeTime($"at {said} {part}", $"\"at\":\"{(evening ? hour + 12 : hour):D2}:{minute:D2}\"");
    }

    private static HomeTime Delay(Chance chance) => chance.Number(0, 5) switch
    {
        0 => new HomeTime("in half an hour", "\"in\":30"),
        1 => new HomeTime("in an hour", "\"in\":60"),
        2 => Hours(chance.Number(2, 6), chance),
        _ => Minutes(chance.Number(2, 50), chance),
    };

    private static HomeTime Hours(int hours, Chance chance) => new($"in {NumberWords.Spoken(hours, chance)} hours", $"\"in\":{hours * 60}");

    private static HomeTime Minutes(int minutes, Chance chance) => new($"in {NumberWords.Spoken(minutes, chance)} minutes", $"\"in\":{minutes}");
}
