namespace EdgeBench.Suites.Reference.Triage;

/// <summary>A complaint.</summary>
/// <param name="Points">What it counts by itself.</param>
/// <param name="Words">Forms that stand after "has", "denies" and "no".</param>
internal sealed record TriageSymptom(string Name, string Category, int Points, params string[] Words)
{
    public static IReadOnlyList<TriageSymptom> All { get; } =
    [
        new("chest-pain", "cardiac", 3, "chest pain", "pain in the chest"),
        new("palpitations", "cardiac", 2, "palpitations", "irregular heartbeats"),
        new("swollen-legs", "cardiac", 1, "swollen legs"),
        new("breathless", "respiratory", 3, "shortness of breath", "trouble breathing"),
        new("wheezing", "respiratory", 2, "wheezing"),
        new("cough", "respiratory", 1, "cough", "dry cough"),
        new("one-sided", "neurological", 4, "weakness on one side", "numbness on one side"),
        new("seizure", "neurological", 4, "seizures"),
        new("headache", "neurological", 1, "headache", "pain in the head"),
        new("dizzy", "neurological", 1, "dizziness", "vertigo"),
        new("blood-stool", "digestive", 3, "blood in the stool", "black stool"),
        new("stomach", "digestive", 1, "stomach pain", "pain in the belly"),
        new("vomiting", "digestive", 1, "vomiting"),
        new("diarrhoea", "digestive", 1, "diarrhoea", "loose stool"),
        new("fracture", "injury", 3, "deformed wrist", "deformed ankle"),
        new("cut", "injury", 2, "deep cut", "bleeding wound"),
        new("sprain", "injury", 1, "twisted ankle", "twisted knee"),
        new("lips", "skin", 3, "swollen lips", "swollen tongue"),
        new("burn", "skin", 2, "burns"),
        new("rash", "skin", 0, "rash", "itching"),
    ];
}
