namespace EdgeBench.Suites.Reference.Home;

/// <summary>A value as said and as JSON.</summary>
internal sealed record HomeValue(string Text, string Json)
{
    private static readonly string[] s_colours = ["red", "blue", "green", "yellow", "purple", "orange", "pink", "white"];
    private static readonly string[] s_speeds = ["low", "medium", "high"];

    /// <summary>A value for an intent; one in six is corrected in the same breath, and the last one counts.</summary>
    public static HomeValue Draw(string intent, string device, Chance chance)
    {
        HomeValue value = Plain(intent, device, chance);
        if (!chance.In100(16)) return value;
        HomeValue wrong = Plain(intent, device, chance);
        return wrong.Json == value.Json ? value : new HomeValue($"{wrong.Text}, no, {chance.Of(["make that", "i mean", "rather"])} {value.Text}", value.Json);
    }

    private static HomeValue Plain(string intent, string device, Chance chance) => (intent, device) switch
    {
        ("colour", _) => Word(chance.Of(s_colours)),
        ("speed", _) => Word(chance.Of(s_speeds)),
        ("set", "heating") => Unit(chance.Number(15, 27), "degrees", chance),
        ("set", "light" or "blinds") => chance.Number(0, 11) switch
        {
            0 => new HomeValue("half", "50"),
            1 => new HomeValue("full", "100"),
            _ => Unit(5 * chance.Number(1, 19), "percent", chance),
        },
        ("set", _) => Number(chance.Number(2, 40), chance),
        (_, "heating") => Unit(chance.Number(2, 6), "degrees", chance),
        (_, "light") => Unit(5 * chance.Number(1, 10), "percent", chance),
        _ => Number(chance.Number(2, 15), chance),
    };

    private static HomeValue Word(string word) => new(word, $"\"{word}\"");

    private static HomeValue Number(int number, Chance chance) => new(NumberWords.Spoken(number, chance), $"{number}");

    private static HomeValue Unit(int number, string unit, Chance chance) => new($"{NumberWords.Spoken(number, chance)} {unit}", $"{number}");
}
