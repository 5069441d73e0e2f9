namespace EdgeBench.Suites.Reference.Home;

/// <summary>A clause with what it asks for.</summary>
/// <param name="Templates">Parts of how it is said.</param>
internal sealed record HomeClause(string Text, IReadOnlyList<HomeCommand> Commands, HomePhrase Phrase, IReadOnlyList<string> Templates)
{
    /// <param name="single">One command: a second clause follows, and an answer must stay short.</param>
    public static HomeClause Draw(HomeMood mood, bool single, Chance chance)
    {
        HomePhrase phrase = chance.Of([.. HomePhrase.All.Where(phrase => phrase.Mood == mood)]);
        HomeDevice device = chance.Of([.. HomeDevice.All.Where(phrase.Fits)]);
        HomeRoom room = chance.Of(HomeRoom.All), other = chance.Other(HomeRoom.All, room);
        HomeValue? value = phrase.HasValue ? HomeValue.Draw(phrase.Intent, device.Name, chance) : null;
        (string place, string name, string? except, bool both) = Place(phrase, device, room, other, single, chance);
        HomeTime? time = mood == HomeMood.Imperative && phrase.Intent is "on" or "off" or "open" or "close" && chance.In100(20) ? HomeTime.Draw(chance) : null;
        string text = chance.Write(phrase.Pattern, ("np", place), ("room", chance.Of(room.Words)), ("v", value?.Text ?? ""));
        if (time is not null) text = $"{text} {time.Text}";
        string intent = phrase.Intent is "colour" or "speed" ? "set" : phrase.Intent, where = name is "all" or "except" ? "all" : room.Name;
        HomeCommand command = new(intent, device.Name, where, except, value?.Json, time?.Json);
        return new HomeClause(text, both ? [command, command with { Room = other.Name }] : [command], phrase, mood == HomeMood.Statement ? [] : [$"home:{phrase.Name}|{name}"]);
    }

    // Device and room together, with the name of that form.
    private static (string Text, string Name, string? Except, bool Both) Place(HomePhrase phrase, HomeDevice device, HomeRoom room, HomeRoom other, bool single, Chance chance)
    {
        string thing = chance.Of(device.Words), where = chance.Of(room.Words), elsewhere = chance.Of(other.Words);
        if (phrase.Mood == HomeMood.Statement) return ("", "in", null, false);
        int drawn = chance.Number(0, 99);
        bool several = phrase.Mood == HomeMood.Imperative;
        return drawn switch
        {
            < 8 when several => ($"all the {device.Plural}", "all", null, false),
            < 14 when several && phrase.EndsWithDevice => ($"all the {device.Plural} except in the {elsewhere}", "except", other.Name, false),
            < 22 when several && !single => ($"the {thing} in the {where} and the {elsewhere}", "both", null, true),
            < 30 when phrase.EndsWithDevice => ($"the {thing} in the {elsewhere}, {chance.Of(["sorry", "no"])}, in the {where}", "corrected", null, false),
            < 62 => ($"the {where} {thing}", "room-first", null, false),
            _ => ($"the {thing} in the {where}", "room-last", null, false),
        };
    }
}
