namespace EdgeBench.Suites.Reference.Home;

/// <summary>A sentence around one or two clauses.</summary>
/// <param name="Pattern"><c>{c}</c> and <c>{n}</c> are clauses, <c>{aside}</c> something that asks for nothing.</param>
/// <param name="Answer">Letters of the clauses that count, in their order; empty where nothing is to be done.</param>
internal sealed record HomeFrame(string Name, HomeMood Mood, string Pattern, string Answer)
{
    public bool HasTwo => Pattern.Contains("{n}", StringComparison.Ordinal);

    public static IReadOnlyList<HomeFrame> All { get; } =
    [
        Do("plain", "{c}", "c"),
        Do("please", "please {c}", "c"),
        Do("x-please", "{c} please", "c"),
        Do("could-you", "(could|can|would) you {c}", "c"),
        Do("for-me", "(could|can) you {c} for me", "c"),
        Do("hey", "hey home, {c}", "c"),
        Do("i-want", "i (want|would like) you to {c}", "c"),
        Do("time-to", "it is time to {c}", "c"),
        Do("aside", "{aside}, {c}", "c"),
        Do("aside-please", "{aside}, so please {c}", "c"),
        Do("because", "{c}, {aside}", "c"),
        Do("dont", "(do not|never) {c}", ""),
        Do("changed-mind", "{c}, no, (forget it|leave it)", ""),
        Do("no-need", "(there is no need to|you need not) {c}", ""),
        Do("and", "{c} and {n}", "cn"),
        Do("then", "{c}, then {n}", "cn"),
        Do("also", "please {c}, and also {n}", "cn"),
        Do("before", "before you {c}, {n}", "nc"),
        Do("after", "after you {c}, {n}", "cn"),
        Do("but-first", "{c}, but first {n}", "nc"),
        Do("instead", "do not {c}, {n} instead", "n"),
        Do("rather", "{c}, no, rather {n}", "n"),
        Do("but-dont", "{c} but do not {n}", "c"),
        Say("said", "{c}", "c"),
        Say("help", "{c}, (can you help|please help)", "c"),
        Say("hey-said", "hey home, {c}", "c"),
        Say("aside-said", "{aside}, and {c}", "c"),
        Ask("asked", "{c}", "c"),
        Ask("tell", "hey home, {c}", "c"),
        Ask("aside-asked", "{aside}, {c}", "c"),
    ];

    /// <summary>Sentences that ask for nothing; some speak of rooms and numbers all the same.</summary>
    public static IReadOnlyList<string> Asides { get; } =
    [
        "i am home", "i am going out", "the baby is asleep", "we have guests", "dinner is ready", "the film starts soon", "i forgot the milk",
        "it is late", "i am tired", "good morning", "the dog is in the garage", "my phone is at 20 percent", "the kitchen is a mess", "there are 4 of us",
        "i was in the office all day", "grandma is in the guest room", "the bath is clean", "it is 5 degrees outside", "we ate in the dining room",
        "someone is in the hall", "i lost 10 euros", "the kids play in the attic", "work starts at 9", "i am on the phone",
    ];

    private static HomeFrame Do(string name, string pattern, string answer) => new(name, HomeMood.Imperative, pattern, answer);

    private static HomeFrame Say(string name, string pattern, string answer) => new(name, HomeMood.Statement, pattern, answer);

    private static HomeFrame Ask(string name, string pattern, string answer) => new(name, HomeMood.Question, pattern, answer);
}
