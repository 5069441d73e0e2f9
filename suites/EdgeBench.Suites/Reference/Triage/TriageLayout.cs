namespace EdgeBench.Suites.Reference.Triage;

/// <summary>The order of a note's parts: <c>{who}</c>, <c>{complaints}</c>, <c>{onset}</c>, <c>{signs}</c>, <c>{history}</c>.</summary>
internal sealed record TriageLayout(string Name, string Pattern)
{
    public static IReadOnlyList<TriageLayout> All { get; } =
    [
        new("plain", "{who} {complaints} {onset}. {signs}. {history}."),
        new("signs-last", "{who} {complaints} {onset}. {history}. {signs}."),
        new("history-first", "{history}. {who} {complaints} {onset}. {signs}."),
        new("signs-first", "{signs}. {who} {complaints} {onset}. {history}."),
        new("onset-first", "{onset} {who} {complaints}. {signs}. {history}."),
        new("onset-first-signs-last", "{onset} {who} {complaints}. {history}. {signs}."),
        new("history-signs", "{history}. {signs}. {who} {complaints} {onset}."),
        new("signs-history", "{signs}. {history}. {who} {complaints} {onset}."),
    ];
}
