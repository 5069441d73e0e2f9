namespace EdgeBench.Suites.Reference.Robot;

/// <summary>A sentence of one to three instructions.</summary>
/// <param name="Pattern"><c>{a}</c>, <c>{b}</c> and <c>{c}</c> are instructions.</param>
/// <param name="Order">Letters of those that are done, in the order of doing.</param>
internal sealed record RobotFrame(string Name, string Pattern, string Order)
{
    public int Clauses => Pattern.Contains("{c}", StringComparison.Ordinal) ? 3 : Pattern.Contains("{b}", StringComparison.Ordinal) ? 2 : 1;

    public static IReadOnlyList<RobotFrame> All { get; } =
    [
        new("one", "{a}", "a"),
        new("please", "please {a}", "a"),
        new("repeat-one", "do this twice: {a}", "aa"),
        new("and", "{a} and {b}", "ab"),
        new("then", "{a}, then {b}", "ab"),
        new("first-then", "first {a}, then {b}", "ab"),
        new("after", "{a} after you {b}", "ba"),
        new("after-first", "after you {a}, {b}", "ab"),
        new("before", "{a} before you {b}", "ab"),
        new("before-first", "before you {a}, {b}", "ba"),
        new("but-first", "{a}, but first {b}", "ba"),
        new("not-second", "{a} but do not {b}", "a"),
        new("instead", "do not {a}, {b} instead", "b"),
        new("repeat-two", "do this twice: {a}, then {b}", "abab"),
        new("both-after", "{a} and {b} after you {c}", "cab"),
        new("three", "{a}, then {b}, then {c}", "abc"),
    ];
}
