namespace EdgeBench.Suites.Reference.Triage;

/// <summary>
/// The rules that label a note. They are made up so that a label needs numbers, negation and several facts at once; they are no medical advice and
/// must not be used on people.
/// </summary>
internal static class TriageRules
{
    private const int OldAge = 75;
    private const int YoungAge = 2;
    private const int LongDays = 14;

    /// <summary>The category of the complaint that counts most; of equals, the one named first.</summary>
    public static TriageSymptom Leading(IReadOnlyList<TriageSymptom> present)
    {
        TriageSymptom leading = present[0];
        foreach (TriageSymptom symptom in present)
        {
            if (symptom.Points > leading.Points) leading = symptom;
        }
        return leading;
    }

    /// <summary>
    /// Points of the leading complaint, 1 for each further one, those of signs, 1 for an age of 75 or more or of 2 or less, 1 for a history that concerns the leading category, and 1 less
    /// where it has lasted two weeks or longer.
    /// </summary>
    public static int Points(IReadOnlyList<TriageSymptom> present, int signs, int age, TriageHistory? history, int days)
    {
        TriageSymptom leading = Leading(present);
        return leading.Points + present.Count - 1 + signs + (age is >= OldAge or <= YoungAge ? 1 : 0) + (history?.Category == leading.Category ? 1 : 0) - (days >= LongDays ? 1 : 0);
    }

    public static string Urgency(int points) => points switch
    {
        <= 1 => "routine",
        <= 3 => "soon",
        <= 5 => "urgent",
        _ => "emergency",
    };
}
