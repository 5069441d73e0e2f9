namespace EdgeBench.Suites.Reference.Stories;

/// <summary>Sentences between those of the plot, from free choices: they make a text hard to guess, which is what perplexity measures.</summary>
internal static class StoryScene
{
    private static readonly string[] s_counts = ["two", "three", "four", "five", "seven", "nine", "many", "a hundred"];
    private static readonly string[] s_colours = ["white", "black", "brown", "yellow", "blue", "grey", "green", "golden", "dark", "pale"];
    private static readonly string[] s_looks = ["old", "thin", "fat", "huge", "tiny", "dusty", "wet", "sleepy", "noisy", "lame", "proud", "ragged"];
    private static readonly string[] s_creatures = ["geese", "crows", "horses", "cats", "sheep", "ducks", "pigs", "moles", "beetles", "snakes", "swans", "donkeys", "bats", "wolves", "hens", "bees"];
    private static readonly string[] s_goods = ["barrels", "ladders", "umbrellas", "carts", "lanterns", "bottles", "wheels", "mirrors", "clocks", "baskets", "chairs", "candles"];
    private static readonly string[] s_where = ["in the grass", "on the roof", "beside a wall", "under a bench", "near the church", "in front of the shop", "behind a hedge", "on the market", "at the gate", "along the road", "in a ditch", "between two trees"];
    private static readonly string[] s_did = ["were sleeping", "stood in a row", "made a great noise", "waited for something", "turned round and round", "looked up at the clouds", "took no notice", "shone in the light"];
    private static readonly string[] s_food = ["a pear", "some cheese", "cold milk", "a piece of ham", "nuts", "a carrot", "two eggs", "dry bread", "berries", "a fish"];
    private static readonly string[] s_words = ["Wait for me", "It will rain", "I am hungry", "That is not far", "Nobody knows", "We have time", "Be careful", "What a day", "I told you so", "Let us see", "You are right", "Not so fast"];
    private static readonly string[] s_how = ["quietly", "loudly", "with a smile", "at once", "after a while", "in a low voice", "slowly", "without a smile", "again and again", "kindly"];
    private static readonly string[] s_thoughts = ["of home", "of the winter", "of {his} grandmother", "of nothing at all", "of the sea", "of {his} warm bed", "of the year before", "of all the work to do"];

    public static string Draw(Chance chance)
    {
        string seen = $"{chance.Of(s_counts)} {chance.Of([.. s_colours, .. s_looks])} {chance.Of([.. s_creatures, .. s_goods])}";
        string where = chance.Of(s_where);
        return chance.Number(0, 6) switch
        {
            0 => $"{{He}} saw {seen} {where}.",
            1 => $"{char.ToUpperInvariant(seen[0])}{seen[1..]} {chance.Of(s_did)} {where}.",
            2 => $"\"{chance.Of(s_words)},\" said {chance.Of(["{Name}", "{Friend}"])} {chance.Of(s_how)}.",
            3 => $"{{He}} ate {chance.Of(s_food)} and thought {chance.Of(s_thoughts)}.",
            4 => $"{{Friend}} counted {seen} {where}.",
            5 => $"{{He}} {chance.Of(["sat down", "stopped", "looked round", "waited", "hid"])} {where} and {chance.Of(["ate", "shared", "dropped", "found"])} {chance.Of(s_food)}.",
            _ => $"{chance.Of(["Far away", "Not far from there", "High above", "Close by"])} {seen} {chance.Of(s_did)}.",
        };
    }
}
