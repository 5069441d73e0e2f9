namespace EdgeBench.Suites.Reference.Triage;

/// <summary>One measured sign: how it is written, and what its value counts.</summary>
/// <param name="Forms">Ways to write it; <c>{v}</c> is the value.</param>
/// <param name="Bands">Inclusive ranges of values with their points; the first is the normal one.</param>
/// <param name="Write">The value as it stands in a note.</param>
internal sealed record TriageVital(string Name, string[] Forms, (int First, int Last, int Points)[] Bands, Func<int, Chance, string> Write)
{
    public static IReadOnlyList<TriageVital> All { get; } =
    [
        new("pulse", ["pulse {v}", "hr {v}", "heart rate {v}"], [(56, 99, 0), (100, 119, 1), (120, 160, 2)], (value, _) => $"{value}"),
        new("pressure", ["bp {v}", "blood pressure {v}"], [(105, 159, 0), (90, 99, 1), (70, 89, 2)], (value, chance) => $"{value}/{(value / 2) + chance.Number(0, 15)}"),
        // Tenths of a degree Celsius.
        new("temperature", ["temp {v}", "temperature {v}"], [(361, 379, 0), (380, 389, 0), (390, 410, 1)], (value, _) => $"{value / 10}.{value % 10}"),
        new("oxygen", ["spo2 {v}", "oxygen {v} percent"], [(95, 99, 0), (90, 94, 1), (78, 89, 3)], (value, _) => $"{value}"),
    ];
}
