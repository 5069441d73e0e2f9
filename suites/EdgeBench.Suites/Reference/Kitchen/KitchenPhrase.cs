namespace EdgeBench.Suites.Reference.Kitchen;

/// <summary>A way to ask a kitchen assistant for something.</summary>
/// <param name="Pattern">Slots: <c>{dish}</c>, <c>{item}</c>, <c>{other}</c>, <c>{unit}</c>, <c>{mode}</c>, <c>{n}</c> (small), <c>{m}</c> (minutes), <c>{t}</c> (degrees).</param>
/// <param name="Answer">The JSON with the same slots; numbers in digits.</param>
internal sealed record KitchenPhrase(string Name, string Pattern, string Answer)
{
    private const string Timer = "{\"do\":\"timer\",\"for\":\"{dish}\",\"minutes\":{m}}";
    private const string Oven = "{\"do\":\"oven\",\"mode\":\"{mode}\",\"degrees\":{t}}";
    private const string Add = "{\"do\":\"add\",\"item\":\"{item}\",\"amount\":{n},\"unit\":\"{unit}\"}";
    private const string Remove = "{\"do\":\"remove\",\"item\":\"{item}\"}";
    private const string Scale = "{\"do\":\"scale\",\"dish\":\"{dish}\",\"people\":{n}}";
    private const string Recipe = "{\"do\":\"recipe\",\"dish\":\"{dish}\",\"without\":\"{item}\"}";
    private const string Swap = "{\"do\":\"swap\",\"item\":\"{item}\",\"with\":\"{other}\"}";

    public static IReadOnlyList<KitchenPhrase> All { get; } =
    [
        new("timer-set", "set a timer for the {dish} to {m} minutes", Timer),
        new("timer-tell", "tell me in {m} minutes that the {dish} is ready", Timer),
        new("timer-needs", "the {dish} needs {m} minutes, (watch|mind) the time", Timer),
        new("oven-heat", "heat the oven to {t} degrees on {mode}", Oven),
        new("oven-set", "set the oven to {mode} at {t} degrees", Oven),
        new("oven-need", "i need the oven on {mode} with {t} degrees", Oven),
        new("add-put", "(put|write) {n} {unit} of {item} on the list", Add),
        new("add-need", "we need {n} {unit} of {item}", Add),
        new("add-out", "we are out of {item}, get {n} {unit}", Add),
        new("remove-take", "take the {item} off the list", Remove),
        new("remove-have", "we have enough {item}, (cross it off|take it off the list)", Remove),
        new("scale-cook", "cook the {dish} for {n} people", Scale),
        new("scale-come", "{n} people will eat the {dish}", Scale),
        new("recipe-show", "show me a {dish} without {item}", Recipe),
        new("recipe-no", "how do i make {dish} if i have no {item}", Recipe),
        new("swap-use", "use {other} instead of {item}", Swap),
        new("swap-for", "swap the {item} for {other}", Swap),
        new("next", "(what comes next|go on|next step)", "{\"do\":\"next\"}"),
        new("again", "(say that again|repeat the step)", "{\"do\":\"again\"}"),
    ];
}
