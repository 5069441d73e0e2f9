namespace EdgeBench.Suites.Reference.Triage;

/// <summary>How long complaints have lasted: as written, and in days.</summary>
internal sealed record TriageOnset(string Text, int Days)
{
    public static TriageOnset Draw(Chance chance) => chance.Number(0, 5) switch
    {
        0 => new TriageOnset("since today", 0),
        1 => new TriageOnset("since yesterday", 1),
        2 => SomeHours(chance.Number(2, 12)),
        3 => SomeDays(chance.Number(2, 9)),
        _ => SomeWeeks(chance.Number(2, 8), chance),
    };

    private static TriageOnset SomeHours(int hours) => new($"for {hours} hours", 0);

    private static TriageOnset SomeDays(int days) => new($"for {days} days", days);

    private static TriageOnset SomeWeeks(int weeks, Chance chance) => new($"for {NumberWords.Spoken(weeks, chance)} weeks", 7 * weeks);
}
