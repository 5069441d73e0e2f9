namespace EdgeBench.Suites.Reference.Triage;

/// <summary>Short clinical notes to category and urgency, labelled by <see cref="TriageRules"/>.</summary>
internal sealed class TriageGrammar : IReferenceGrammar
{
    public ReferenceTask Task => ReferenceTask.Triage;

    public Draft Draw(Chance chance)
    {
        TriageLayout layout = chance.Of(TriageLayout.All);
        TriageComplaints complaints = chance.Of(TriageComplaints.All);
        TriageSymptom[] symptoms = Different(chance);
        TriageSymptom[] present = complaints.HasTwo ? symptoms[..2] : symptoms[..1];
        TriageSymptom? denied = complaints.HasDenied ? symptoms[2] : null;
        TriageOnset onset = TriageOnset.Draw(chance);
        int age = chance.Number(0, 9) switch { 0 => chance.Number(1, 2), 1 => chance.Number(3, 17), < 5 => chance.Number(75, 96), _ => chance.Number(18, 74) };
        // One that concerns the complaint is drawn more often than chance would: what is rare is not learnt.
        TriageHistory? history = chance.Number(0, 3) switch
        {
            0 => null,
            1 => chance.Of([.. TriageHistory.All.Where(one => one.Category == present[0].Category)]),
            _ => chance.Of(TriageHistory.All),
        };
        (string signs, int points, List<string> levels, string form) = Signs(chance);

        string text = chance.Write(layout.Pattern,
            ("who", Who(age, chance)),
            ("complaints", chance.Write(complaints.Pattern, ("a", chance.Of(present[0].Words)), ("b", chance.Of(present[^1].Words)), ("x", denied is null ? "" : chance.Of(denied.Words)))),
            ("onset", onset.Text), ("signs", signs),
            ("history", history is null ? chance.Of(["no history", "healthy before"]) : chance.Write("(history of|known for) {h}", ("h", history.Name))));
        TriageSymptom leading = TriageRules.Leading(present);
        string urgency = TriageRules.Urgency(TriageRules.Points(present, points, age, history, onset.Days));
        return new Draft([$"triage:{layout.Name}|{complaints.Name}", $"triage:{layout.Name}|{form}"], Combinations(present, denied, history, levels),
            $"note: {text}\n", $"{{\"category\":\"{leading.Category}\",\"urgency\":\"{urgency}\"}}");
    }

    private static List<string> Combinations(TriageSymptom[] present, TriageSymptom? denied, TriageHistory? history, List<string> levels)
    {
        List<string> combinations = [$"triage:{present[0].Name}|{history?.Name ?? "none"}"];
        if (present.Length > 1) combinations.Add($"triage:{present[0].Name}&{present[1].Name}");
        if (denied is not null) combinations.Add($"triage:{present[0].Name}-{denied.Name}");
        combinations.AddRange(levels.Select(level => $"triage:{present[0].Name}|{level}"));
        return combinations;
    }

    private static TriageSymptom[] Different(Chance chance)
    {
        TriageSymptom first = chance.Of(TriageSymptom.All), second = chance.Other(TriageSymptom.All, first), third;
        do third = chance.Other(TriageSymptom.All, first);
        while (third == second);
        return [first, second, third];
    }

    private static string Who(int age, Chance chance)
    {
        bool female = chance.In100(50);
        string person = age < 18 ? female ? "girl" : "boy" : female ? "woman" : "man";
        return chance.Write("({age} year old {person}|{person}, {age},|{person} aged {age})", ("age", $"{age}"), ("person", person));
    }

    // Two signs of four, in any order; most are normal.
    private static (string Text, int Points, List<string> Levels, string Form) Signs(Chance chance)
    {
        TriageVital first = chance.Of(TriageVital.All), second = chance.Other(TriageVital.All, first);
        TriageVital[] vitals = chance.In100(75) ? [first, second] : [first];
        int points = 0;
        List<string> texts = [], levels = [];
        foreach (TriageVital vital in vitals)
        {
            int band = chance.Number(0, 9) switch { < 5 => 0, < 8 => 1, _ => 2 };
            (int least, int most, int counts) = vital.Bands[band];
            points += counts;
            texts.Add(chance.Write(chance.Of(vital.Forms), ("v", vital.Write(chance.Number(least, most), chance))));
            if (counts > 0) levels.Add($"{vital.Name}{band}");
        }
        return (string.Join(", ", texts), points, levels, string.Join('&', vitals.Select(vital => vital.Name)));
    }
}
