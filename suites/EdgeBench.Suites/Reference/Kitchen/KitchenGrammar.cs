namespace EdgeBench.Suites.Reference.Kitchen;

/// <summary>Kitchen-assistant commands to JSON: a domain with intents, words and keys of its own, to adapt the reference model to.</summary>
internal sealed class KitchenGrammar : IReferenceGrammar
{
    private static readonly string[] s_dishes = ["soup", "stew", "pasta", "rice", "bread", "pizza", "lasagne", "curry", "omelette", "pancakes", "risotto", "goulash"];
    private static readonly string[] s_items = ["milk", "butter", "flour", "sugar", "salt", "cheese", "onions", "carrots", "lentils", "cream", "yoghurt", "oil", "honey", "beans"];
    private static readonly string[] s_units = ["grams", "litres", "cups", "spoons", "bags", "packs"];
    private static readonly string[] s_modes = ["grill", "fan", "steam", "bake"];

    private static readonly (string Name, string Pattern, string Order)[] s_frames =
    [
        ("plain", "{a}", "a"), ("please", "please, {a}", "a"), ("hey", "hey chef, {a}", "a"), ("thanks", "{a}, thank you", "a"), ("hands", "my hands are full, {a}", "a"),
        ("and", "{a}, and {b}", "ab"), ("later", "{a}, but {b} before that", "ba"), ("no", "{a}, no, sorry, {b}", "b"), ("forget", "{a}, no, forget that", ""),
    ];

    public ReferenceTask Task => ReferenceTask.Kitchen;

    public Draft Draw(Chance chance)
    {
        (string name, string pattern, string order) = chance.Of(s_frames);
        KitchenClause[] clauses = [Clause(chance), Clause(chance)];
        bool two = pattern.Contains("{b}", StringComparison.Ordinal);
        string[] answers = [.. order.Select(letter => clauses[letter - 'a'].Answer)];
        if (!two) clauses = clauses[..1];
        return new Draft([.. clauses.Select(clause => $"kitchen:{name}|{clause.Phrase}")], [.. clauses.Select(clause => clause.Combination).OfType<string>()],
            $"chef: {chance.Write(pattern, ("a", clauses[0].Text), ("b", clauses[^1].Text))}\n",
            answers.Length switch { 0 => "{\"do\":\"nothing\"}", 1 => answers[0], _ => $"[{string.Join(',', answers)}]" });
    }

    private static KitchenClause Clause(Chance chance)
    {
        KitchenPhrase phrase = chance.Of(KitchenPhrase.All);
        string dish = chance.Of(s_dishes), item = chance.Of(s_items), other = chance.Other(s_items, item), unit = chance.Of(s_units), mode = chance.Of(s_modes);
        int small = chance.Number(2, 12), minutes = chance.Number(2, 90), degrees = 10 * chance.Number(10, 25);
        string Fill(string pattern, Func<int, string> number) => chance.Write(pattern, ("dish", dish), ("item", item), ("other", other), ("unit", unit), ("mode", mode),
            ("n", number(small)), ("m", number(minutes)), ("t", number(degrees)));
        bool Has(string slot) => phrase.Pattern.Contains(slot, StringComparison.Ordinal);
        string kind = phrase.Name.Split('-')[0];
        string? combination = Has("{dish}") && Has("{item}") ? $"kitchen:{kind}|{dish}|{item}" : Has("{dish}") ? $"kitchen:{kind}|{dish}" : Has("{other}") ? $"kitchen:{item}>{other}"
            : Has("{unit}") ? $"kitchen:{item}|{unit}" : Has("{item}") ? $"kitchen:{kind}|{item}" : Has("{mode}") ? $"kitchen:{mode}|{degrees}" : null;
        return new KitchenClause(Fill(phrase.Pattern, number => NumberWords.Spoken(number, chance)), Fill(phrase.Answer, number => $"{number}"), phrase.Name, combination);
    }
}
