namespace EdgeBench.Suites.Reference.Stories;

/// <summary>Someone in a story.</summary>
internal sealed record StoryHero(string Name, string Kind, bool Female)
{
    private static readonly string[] s_girls = ["Mira", "Lena", "Tilda", "Anouk", "Rosa", "Ida", "Selma", "Nora", "Wanda", "Ella", "Juna", "Kaja"];
    private static readonly string[] s_boys = ["Tom", "Pim", "Oskar", "Milo", "Bruno", "Jonas", "Emil", "Hugo", "Nils", "Theo", "Karl", "Ben"];
    private static readonly string[] s_kinds = ["fox", "rabbit", "bear", "mouse", "hedgehog", "baker", "farmer", "sailor", "robot", "goat", "miller", "frog"];

    public static StoryHero Draw(Chance chance)
    {
        bool female = chance.In100(50);
        return new StoryHero(chance.Of(female ? s_girls : s_boys), chance.Of(s_kinds), female);
    }
}
