namespace EdgeBench.Suites.Reference.Robot;

/// <summary>One instruction of a kind.</summary>
/// <param name="Pattern"><c>{n}</c> is a count, <c>{thing}</c> an object.</param>
/// <param name="Action">What is done: <c>*</c> before an action repeats it <c>{n}</c> times, <c>{thing}</c> is the object.</param>
internal sealed record RobotPhrase(string Name, string Pattern, string Action)
{
    public bool HasCount => Pattern.Contains("{n}", StringComparison.Ordinal);

    public bool HasThing => Pattern.Contains("{thing}", StringComparison.Ordinal);

    /// <summary>Whether "twice" may follow.</summary>
    public bool Repeats => Name is "walk" or "step" or "back" or "step-back" or "turn-left" or "turn-right" or "turn-around" or "beep";

    public static IReadOnlyList<RobotPhrase> All { get; } =
    [
        new("walk", "(walk|go|move) {n} steps (forward|ahead)", "*fwd"),
        new("step", "(walk|go|move) one step (forward|ahead)", "fwd"),
        new("back", "(walk|go|move) {n} steps (back|backward)", "*back"),
        new("step-back", "(walk|go|move) one step (back|backward)", "back"),
        new("walk-left", "(walk|go|move) {n} steps to the left", "left *fwd"),
        new("walk-right", "(walk|go|move) {n} steps to the right", "right *fwd"),
        new("turn-left", "turn left", "left"),
        new("turn-right", "turn right", "right"),
        new("turn-around", "turn around", "left left"),
        new("circle-left", "walk in a circle to the left", "left fwd left fwd left fwd left fwd"),
        new("circle-right", "walk in a circle to the right", "right fwd right fwd right fwd right fwd"),
        new("look-left", "look left", "left scan right"),
        new("look-right", "look right", "right scan left"),
        new("look-behind", "look behind you", "left left scan left left"),
        new("look", "look around", "scan left scan left scan left scan left"),
        new("goto", "go to the {thing}", "goto:{thing}"),
        new("grab", "(pick up|take|grab) the {thing}", "grab:{thing}"),
        new("drop", "(put down|drop) the {thing}", "drop:{thing}"),
        new("push", "push the {thing}", "push:{thing}"),
        new("fetch", "fetch the {thing}", "goto:{thing} grab:{thing} home"),
        new("bring-away", "carry the {thing} away", "grab:{thing} left left *fwd drop:{thing}"),
        new("home", "(go|come) home", "home"),
        new("beep", "beep", "beep"),
        new("wait", "wait {n} seconds", "wait:{n}"),
    ];
}
