namespace EdgeBench.Suites.Reference.Home;

/// <summary>How a clause stands in a sentence.</summary>
internal enum HomeMood
{
    Imperative,
    Statement,
    Question,
}

/// <summary>A way to ask for something.</summary>
/// <param name="Pattern"><c>{np}</c> is device and room, <c>{room}</c> the room alone, <c>{v}</c> a value.</param>
/// <param name="Devices">Names that it fits; empty for every device with the intent.</param>
internal sealed record HomePhrase(string Name, HomeMood Mood, string Intent, string Pattern, params string[] Devices)
{
    public bool HasValue => Pattern.Contains("{v}", StringComparison.Ordinal);

    public bool EndsWithDevice => Pattern.EndsWith("{np}", StringComparison.Ordinal);

    public bool Fits(HomeDevice device) => Devices.Length > 0 ? Devices.Contains(device.Name) : device.Intents.Contains(Intent);

    public static IReadOnlyList<HomePhrase> All { get; } =
    [
        Do("turn-on", "on", "turn on {np}"),
        Do("turn-x-on", "on", "turn {np} on"),
        Do("switch-on", "on", "switch on {np}"),
        Do("switch-x-on", "on", "switch {np} on"),
        Do("put-x-on", "on", "put {np} on"),
        Do("start", "on", "start {np}", "fan", "heating", "camera", "humidifier"),
        Do("turn-off", "off", "turn off {np}"),
        Do("turn-x-off", "off", "turn {np} off"),
        Do("switch-off", "off", "switch off {np}"),
        Do("switch-x-off", "off", "switch {np} off"),
        Do("shut-off", "off", "shut off {np}"),
        Do("stop", "off", "stop {np}", "fan", "heating", "camera", "humidifier"),
        Do("set", "set", "set {np} to {v}"),
        Do("put", "set", "put {np} (at|on) {v}"),
        Do("bring", "set", "bring {np} to {v}"),
        Do("make-colour", "colour", "make {np} {v}"),
        Do("change-colour", "colour", "change {np} to {v}"),
        Do("run-at", "speed", "run {np} (at|on) {v}"),
        Do("set-speed", "speed", "set {np} to {v}"),
        Do("turn-up", "raise", "turn up {np}"),
        Do("turn-up-by", "raise", "turn up {np} by {v}"),
        Do("turn-x-up-by", "raise", "turn {np} up by {v}"),
        Do("raise-by", "raise", "raise {np} by {v}"),
        Do("increase-by", "raise", "increase {np} by {v}"),
        Do("turn-down", "lower", "turn down {np}"),
        Do("turn-down-by", "lower", "turn down {np} by {v}"),
        Do("turn-x-down-by", "lower", "turn {np} down by {v}"),
        Do("lower-by", "lower", "lower {np} by {v}"),
        Do("reduce-by", "lower", "reduce {np} by {v}"),
        Do("open", "open", "open {np}"),
        Do("close", "close", "close {np}"),
        Do("shut", "close", "shut {np}"),
        Do("lock", "lock", "lock {np}"),
        Do("unlock", "unlock", "unlock {np}"),
        Say("too-dark", "on", "it is too dark in the {room}", "light"),
        Say("cannot-see", "on", "i cannot see a thing in the {room}", "light"),
        Say("too-bright", "lower", "it is too bright in the {room}", "light"),
        Say("too-cold", "raise", "it is too cold in the {room}", "heating"),
        Say("freezing", "raise", "we are freezing in the {room}", "heating"),
        Say("too-hot", "lower", "it is too hot in the {room}", "heating"),
        Say("too-loud", "lower", "the music is too loud in the {room}", "speaker"),
        Say("too-quiet", "raise", "the music is too quiet in the {room}", "speaker"),
        Say("stuffy", "open", "the air is bad in the {room}", "window"),
        Say("too-dry", "on", "the air is too dry in the {room}", "humidifier"),
        Ask("is-on", "is {np} (on|off|running)", "light", "fan", "heating", "tv", "camera"),
        Ask("is-open", "is {np} (open|closed)", "window"),
        Ask("is-locked", "is {np} (locked|unlocked)", "door"),
        Ask("state", "what is the state of {np}"),
        Ask("check", "how is {np} set", "light", "fan", "heating", "tv"),
    ];

    private static HomePhrase Do(string name, string intent, string pattern, params string[] devices) => new(name, HomeMood.Imperative, intent, pattern, devices);

    private static HomePhrase Say(string name, string intent, string pattern, string device) => new(name, HomeMood.Statement, intent, pattern, device);

    private static HomePhrase Ask(string name, string pattern, params string[] devices) => new(name, HomeMood.Question, "query", pattern, devices);
}
