namespace EdgeBench.Suites.Reference.Home;

/// <summary>A kind of device.</summary>
/// <param name="Words">What people call one; the first is the commonest.</param>
/// <param name="Plural">All of them.</param>
/// <param name="Intents">What can be asked of it.</param>
internal sealed record HomeDevice(string Name, string[] Words, string Plural, params string[] Intents)
{
    public static IReadOnlyList<HomeDevice> All { get; } =
    [
        new("light", ["light", "lamp", "lights"], "lights", "on", "off", "set", "colour", "raise", "lower", "query"),
        new("fan", ["fan", "ventilator"], "fans", "on", "off", "speed", "query"),
        new("heating", ["heating", "heater", "radiator"], "heaters", "on", "off", "set", "raise", "lower", "query"),
        new("tv", ["tv", "television", "telly"], "tvs", "on", "off", "set", "raise", "lower", "query"),
        new("speaker", ["speaker", "loudspeaker"], "speakers", "on", "off", "set", "raise", "lower"),
        new("blinds", ["blinds", "shutters"], "blinds", "open", "close", "set"),
        new("curtains", ["curtains", "drapes"], "curtains", "open", "close"),
        new("window", ["window"], "windows", "open", "close", "query"),
        new("door", ["door"], "doors", "lock", "unlock", "query"),
        new("camera", ["camera"], "cameras", "on", "off", "query"),
        new("plug", ["plug", "socket"], "plugs", "on", "off"),
        new("humidifier", ["humidifier"], "humidifiers", "on", "off", "speed"),
    ];
}
