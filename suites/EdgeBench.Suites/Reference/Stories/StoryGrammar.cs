namespace EdgeBench.Suites.Reference.Stories;

/// <summary>Short narratives: someone wants something, tries, meets trouble, puts it right, and it ends. No prompt; the whole text counts.</summary>
internal sealed class StoryGrammar : IReferenceGrammar
{
    private static readonly (string Name, string Pattern)[] s_openings =
    [
        ("once", "Once there was a {mood} {kind} called {Name} who lived {place}."),
        ("lived", "{Name} the {kind} lived {place}."),
        ("place-first", "In a house {place} lived a {mood} {kind}, and {his} name was {Name}."),
        ("knew", "Everybody {place} knew {Name}, the {mood} {kind}."),
        ("long-ago", "Long ago a {kind} called {Name} came to live {place}."),
        ("weather", "It was a {weather} {day} {place}, and {Name} the {kind} was {awake}."),
    ];

    private static readonly string[] s_places =
        ["by the sea", "at the edge of the wood", "near the old mill", "on a green hill", "behind the station", "in a small town", "beside the river", "under the big bridge", "in the mountains", "on an island"];

    private static readonly string[] s_moods = ["small", "brave", "quiet", "clever", "lazy", "merry", "stubborn", "shy", "curious", "careful"];
    private static readonly string[] s_weather = ["sunny", "rainy", "windy", "cold", "hot", "grey"];
    private static readonly string[] s_days = ["morning", "evening", "Monday", "Sunday", "afternoon", "winter day", "spring day"];

    public ReferenceTask Task => ReferenceTask.Stories;

    public Draft Draw(Chance chance)
    {
        (string opening, string start) = chance.Of(s_openings);
        StoryPlot plot = chance.Of(StoryPlot.All);
        int trouble = chance.Number(0, plot.Troubles.Length - 1), end = chance.Number(0, plot.Ends.Length - 1);
        StoryHero hero = StoryHero.Draw(chance), friend;
        do friend = StoryHero.Draw(chance);
        while (friend.Name == hero.Name);
        string place = chance.Of(s_places), thing = chance.Of(plot.Things);
        string day = chance.Of(s_days), mood = chance.Of(s_moods);
        string meeting = chance.Of(["{His} best friend was {Friend} the {friendkind}.", "{Friend} the {friendkind} lived next door.", "{He} often played with {Friend}, a {friendkind}."]);
        string text = string.Join(' ', start, meeting, chance.Of(plot.Wants), StoryScene.Draw(chance), chance.Of(plot.Tries), StoryScene.Draw(chance), plot.Troubles[trouble].Wrong,
            chance.Of(plot.Troubles[trouble].Right), plot.Ends[end]);
        text = chance.Write(text, ("Name", hero.Name), ("kind", hero.Kind), ("Friend", friend.Name), ("friendkind", friend.Kind), ("place", place), ("thing", thing), ("day", day), ("mood", mood),
            ("weather", chance.Of(s_weather)), ("awake", chance.Of(["awake early", "still asleep", "already up", "alone at home"])), ("sad", chance.Of(["sad", "angry", "bad"])),
            ("glad", chance.Of(["glad", "happy", "proud"])), ("he", hero.Female ? "she" : "he"), ("He", hero.Female ? "She" : "He"), ("him", hero.Female ? "her" : "him"),
            ("his", hero.Female ? "her" : "his"), ("His", hero.Female ? "Her" : "His"));
        return new Draft([$"stories:{opening}|{plot.Name}", $"stories:{plot.Name}|{plot.Troubles[trouble].Name}|{end}"],
            [$"stories:{plot.Name}|{hero.Kind}", $"stories:{plot.Name}|{thing}|{place}", $"stories:{friend.Kind}&{hero.Kind}"], "", text);
    }
}
