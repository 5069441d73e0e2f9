namespace EdgeBench.Suites.Reference.Triage;

/// <summary>How complaints are put.</summary>
/// <param name="Pattern"><c>{a}</c> and <c>{b}</c> are present, <c>{x}</c> is denied.</param>
internal sealed record TriageComplaints(string Name, string Pattern)
{
    public bool HasTwo => Pattern.Contains("{b}", StringComparison.Ordinal);

    public bool HasDenied => Pattern.Contains("{x}", StringComparison.Ordinal);

    public static IReadOnlyList<TriageComplaints> All { get; } =
    [
        new("has", "has {a}"),
        new("complains", "complains of {a}"),
        new("presents", "presents with {a}"),
        new("reports", "reports {a}"),
        new("has-two", "has {a} and {b}"),
        new("complains-two", "complains of {a} and {b}"),
        new("presents-two", "presents with {a}, also {b}"),
        new("reports-two", "reports {a} with {b}"),
        new("has-no", "has {a} but no {x}"),
        new("denies", "reports {a}, denies {x}"),
        new("denies-first", "denies {x}, has {a}"),
        new("complains-no", "complains of {a}, no {x}"),
        new("two-no", "has {a} and {b}, no {x}"),
        new("two-denies", "presents with {a} and {b}, denies {x}"),
    ];
}
