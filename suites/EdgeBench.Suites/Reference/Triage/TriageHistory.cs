namespace EdgeBench.Suites.Reference.Triage;

/// <summary>Something that a patient had or takes.</summary>
/// <param name="Category">Complaints that it makes worse, or null for none.</param>
internal sealed record TriageHistory(string Name, string? Category)
{
    public static IReadOnlyList<TriageHistory> All { get; } =
    [
        new("heart failure", "cardiac"), new("a heart attack", "cardiac"),
        new("asthma", "respiratory"), new("lung disease", "respiratory"),
        new("a stroke", "neurological"), new("epilepsy", "neurological"),
        new("an ulcer", "digestive"), new("liver disease", "digestive"),
        new("brittle bones", "injury"), new("blood thinners", "injury"),
        new("allergies", "skin"), new("eczema", "skin"),
        new("a knee operation", null), new("gout", null), new("hay fever", null), new("migraine", null),
    ];
}
